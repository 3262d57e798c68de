import Foundation
import TensorCore

/// Three stages over a list that are at work on different items at once: loading and finishing on threads of their own,
/// the network between them and a last step, both in the list's order, on the caller's.
///
/// Bounded in items and in bytes: an item is loaded only while few enough are between the two ends, and memory for it
/// is asked for in the list's order.
final class JobPipeline<Loaded: Sendable, Predicted: Sendable, Output: Sendable>: @unchecked Sendable {
  // @unchecked: all variables are guarded by `condition`.

  /// What a stage gives: something for the next, or what becomes of the item at once.
  enum Step: Sendable {
    case next(Loaded)
    case settled(Output)
  }

  /// Items between the first stage and the last step.
  private static var window: Int { 16 }
  private static var loaders: Int { 2 }
  private static var finishers: Int { 3 }

  private let count: Int
  private let byteLimit: Int
  private let load: @Sendable (_ index: Int, _ reserve: (_ bytes: Int) -> Void) -> Step
  private let finish: @Sendable (_ index: Int, Predicted) -> Output
  private let condition = NSCondition()
  /// Items that a loader has taken.
  private var taken = 0
  /// Items that have asked for memory, or need none.
  private var reserved = 0
  private var heldBytes = 0
  private var bytes: [Int: Int] = [:]
  private var loaded: [Int: Step] = [:]
  /// Items that have been through the network.
  private var ran = 0
  private var unfinished: [(index: Int, item: Predicted)] = []
  private var outputs: [Int: Output] = [:]
  private var committed = 0
  private var isStopping = false
  private var isOver = false
  private var threads = 0

  /// - Parameters:
  ///   - byteLimit: bytes that items between the ends may have asked for together; one item alone may ask for more.
  ///   - load: the first stage; calls `reserve` at most once, before it takes memory.
  ///   - finish: the third stage.
  init(
    count: Int, byteLimit: Int, load: @escaping @Sendable (Int, (Int) -> Void) -> Step,
    finish: @escaping @Sendable (Int, Predicted) -> Output
  ) {
    (self.count, self.byteLimit, self.load, self.finish) = (count, byteLimit, load, finish)
  }

  /// Runs until the list's end, or until `stop`: then what has been through the network is finished.
  ///
  /// - Parameters:
  ///   - network: the second stage; `nil` with an output when the item ends here.
  ///   - commit: the last step. When it throws, nothing more is loaded and what is left is given to `discard`.
  func run(
    until stop: StopRequest, network: (Int, Loaded) -> Result<Predicted, Settled>,
    commit: (Int, Output) throws(InferenceError) -> Void, discard: (Output) -> Void
  ) throws(InferenceError) {
    start()
    defer { end() }
    var failure: InferenceError?
    while let work = next(stop) {
      switch work {
      case .network(let index, .settled(let output)):
        put(output, index)
      case .network(let index, .next(let item)):
        switch network(index, item) {
        case .success(let predicted): put(predicted, index)
        case .failure(let settled): put(settled.output, index)
        }
      case .commit(let index, let output):
        if failure == nil {
          do throws(InferenceError) { try commit(index, output) } catch { failure = error }
        } else {
          discard(output)
        }
        didCommit(index, stops: failure != nil)
      }
    }
    if let failure { throw failure }
  }

  /// What becomes of an item that ends in the network.
  struct Settled: Error {
    let output: Output
  }

  private enum Work {
    case network(Int, Step)
    case commit(Int, Output)
  }

  private func start() {
    threads = Self.loaders + Self.finishers
    for index in 0..<threads {
      let thread = Thread { [self] in
        if index < Self.loaders { loadAll() } else { finishAll() }
        condition.withLock {
          threads -= 1
          condition.broadcast()
        }
      }
      thread.stackSize = 1 << 22
      thread.start()
    }
  }

  private func end() {
    condition.lock()
    (isOver, isStopping) = (true, true)
    condition.broadcast()
    while threads > 0 { condition.wait() }
    condition.unlock()
  }

  /// What the calling thread does next, waiting for it; `nil` at the end.
  private func next(_ stop: StopRequest) -> Work? {
    condition.lock()
    defer { condition.unlock() }
    while true {
      if stop.wasMade && !isStopping {
        isStopping = true
        condition.broadcast()
      }
      if let output = outputs.removeValue(forKey: committed) { return .commit(committed, output) }
      if isStopping {
        if ran == committed { return nil }
      } else {
        if let step = loaded.removeValue(forKey: ran) { return .network(ran, step) }
        if committed == count { return nil }
      }
      // A request to stop wakes nobody.
      _ = condition.wait(until: Date(timeIntervalSinceNow: 0.2))
    }
  }

  private func put(_ output: Output, _ index: Int) {
    condition.withLock {
      outputs[index] = output
      ran = index + 1
    }
  }

  private func put(_ predicted: Predicted, _ index: Int) {
    condition.withLock {
      unfinished.append((index, predicted))
      ran = index + 1
      condition.broadcast()
    }
  }

  private func didCommit(_ index: Int, stops: Bool) {
    condition.withLock {
      committed = index + 1
      heldBytes -= bytes.removeValue(forKey: index) ?? 0
      if stops { isStopping = true }
      condition.broadcast()
    }
  }

  private func loadAll() {
    while let index = take() {
      let step = load(index) { reserve($0, index) }
      condition.lock()
      while !isStopping && reserved < index { condition.wait() }
      reserved = max(reserved, index + 1)
      loaded[index] = step
      condition.broadcast()
      condition.unlock()
    }
  }

  private func take() -> Int? {
    condition.lock()
    defer { condition.unlock() }
    while !isStopping && taken < count && taken - committed >= Self.window { condition.wait() }
    guard !isStopping && taken < count else { return nil }
    taken += 1
    return taken - 1
  }

  private func reserve(_ wanted: Int, _ index: Int) {
    condition.lock()
    defer { condition.unlock() }
    while !isStopping && (reserved < index || heldBytes > 0 && wanted > byteLimit - heldBytes) { condition.wait() }
    heldBytes += wanted
    bytes[index] = wanted
    reserved = max(reserved, index + 1)
    condition.broadcast()
  }

  private func finishAll() {
    while let (index, item) = takeUnfinished() {
      let output = finish(index, item)
      condition.withLock {
        outputs[index] = output
        condition.broadcast()
      }
    }
  }

  private func takeUnfinished() -> (Int, Predicted)? {
    condition.lock()
    defer { condition.unlock() }
    while unfinished.isEmpty && !isOver { condition.wait() }
    return unfinished.isEmpty ? nil : unfinished.removeFirst()
  }
}
