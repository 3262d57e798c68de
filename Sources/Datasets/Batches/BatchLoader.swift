import Foundation

/// The batches of one epoch, prepared ahead on threads of their own.
///
/// A batch depends on the plan, the epoch and its number alone; how many threads prepare it does not matter.
/// The threads end with the epoch or with this object.
public final class BatchLoader: Sendable {
  private let queue: BatchQueue

  /// By how much the threads step back behind those that train.
  private static let politeness: Int32 = 10

  /// Starts to prepare the batches of an epoch.
  ///
  /// - Parameters:
  ///   - startingAt: the first batch to give, for going on in the middle of an epoch.
  ///   - threads: threads that prepare batches, at least 1.
  ///   - lookAhead: batches that may be ready or in preparation at a time, at least 1.
  public init(
    _ plan: BatchPlan, epoch: Int, startingAt batch: Int = 0, threads: Int = 2, lookAhead: Int = 4
  ) {
    precondition(threads >= 1 && lookAhead >= 1 && batch >= 0, "threads and batches are counted")
    let queue = BatchQueue(plan, epoch: epoch, first: batch, lookAhead: lookAhead)
    for _ in 0..<min(threads, lookAhead) {
      let thread = Thread {
        // Of this thread alone on Linux: batches are ready long before they are wanted, and a training thread that is
        // made to wait in a loop makes all others wait too.
        _ = nice(Self.politeness)
        queue.prepare()
      }
      thread.stackSize = 1 << 22
      thread.start()
    }
    self.queue = queue
  }

  deinit { queue.stop() }

  /// The next batch, waiting until it is ready; `nil` after the last.
  ///
  /// - Throws: the `DatasetError` of the thread that prepared the batch; then the epoch is over.
  public func next() throws(DatasetError) -> Batch? { try queue.next() }
}

/// What the threads share; they keep it alive, and the loader stops it.
private final class BatchQueue: @unchecked Sendable {
  // @unchecked: all variables are guarded by `condition`.
  private let plan: BatchPlan
  private let epoch: Int
  private let order: [Int]
  private let count: Int
  private let lookAhead: Int
  private let condition = NSCondition()
  /// The batch that `next` gives next.
  private var given: Int
  /// The batch that a thread takes next.
  private var taken: Int
  private var ready: [Int: Result<Batch, DatasetError>] = [:]
  private var stopped = false

  init(_ plan: BatchPlan, epoch: Int, first: Int, lookAhead: Int) {
    self.plan = plan
    self.epoch = epoch
    self.lookAhead = lookAhead
    order = plan.order(epoch: epoch)
    count = plan.batches
    given = first
    taken = first
  }

  /// The work of a thread: takes the next batch while it is within the look-ahead.
  func prepare() {
    while let number = take() {
      let result: Result<Batch, DatasetError>
      do throws(DatasetError) {
        result = .success(try plan.batch(number, order: order, epoch: epoch))
      } catch {
        result = .failure(error)
      }
      condition.lock()
      ready[number] = result
      condition.broadcast()
      condition.unlock()
    }
  }

  private func take() -> Int? {
    condition.lock()
    defer { condition.unlock() }
    while !stopped && taken < count && taken >= given + lookAhead { condition.wait() }
    guard !stopped && taken < count else { return nil }
    taken += 1
    return taken - 1
  }

  func next() throws(DatasetError) -> Batch? {
    condition.lock()
    defer { condition.unlock() }
    guard !stopped && given < count else { return nil }
    while true {
      if let result = ready.removeValue(forKey: given) {
        given += 1
        if case .failure = result {
          stopped = true
          ready.removeAll()
        }
        condition.broadcast()
        return try result.get()
      }
      condition.wait()
    }
  }

  func stop() {
    condition.lock()
    stopped = true
    ready.removeAll()
    condition.broadcast()
    condition.unlock()
  }
}
