import Foundation
import TensorCore

/// Three stages over a list that are at work on different items at once, on threads of their own, and a last step on the
/// caller's: loading, the network, finishing, and committing. Items get to the network and are committed in the list's
/// order.
///
/// Bounded in items and in bytes: an item is loaded only while few enough are between the two ends, and memory for it
/// is asked for in the list's order.
package final class JobPipeline<Loaded: Sendable, Predicted: Sendable, Output: Sendable>:
  @unchecked Sendable
{
  // @unchecked: all variables are guarded by `condition`.

  /// What a stage gives: something for the next, or what becomes of the item at once.
  package enum Step: Sendable {
    case next(Loaded)
    case settled(Output)
  }

  /// What becomes of an item that ends in the network.
  package struct Settled: Error {
    let output: Output

    package init(output: Output) { self.output = output }
  }

  /// The stages.
  package struct Stages: Sendable {
    /// The first; calls `reserve` at most once, before it takes memory.
    let load: @Sendable (_ index: Int, _ reserve: (_ bytes: Int) -> Void) -> Step
    /// The second, called by one of several threads; an error with an output when the item ends here.
    let network: @Sendable (_ thread: Int, _ index: Int, Loaded) -> Result<Predicted, Settled>
    /// The third.
    let finish: @Sendable (_ index: Int, Predicted) -> Output

    package init(
      load: @escaping @Sendable (_ index: Int, _ reserve: (_ bytes: Int) -> Void) -> Step,
      network: @escaping @Sendable (_ thread: Int, _ index: Int, Loaded) -> Result<Predicted, Settled>,
      finish: @escaping @Sendable (_ index: Int, Predicted) -> Output
    ) {
      (self.load, self.network, self.finish) = (load, network, finish)
    }
  }

  private static var loaders: Int { 2 }
  private static var finishers: Int { 3 }

  private let count: Int
  private let networks: Int
  private let byteLimit: Int
  private let stop: StopRequest
  private let stages: Stages
  /// Items between the first stage and the last step.
  private let window: Int
  private let condition = NSCondition()
  /// Items that a loader has taken.
  private var taken = 0
  /// Items that have asked for memory, or need none.
  private var reserved = 0
  private var heldBytes = 0
  private var bytes: [Int: Int] = [:]
  private var loaded: [Int: Step] = [:]
  /// Items that have got to the network.
  private var ran = 0
  private var unfinished: [(index: Int, item: Predicted)] = []
  private var outputs: [Int: Output] = [:]
  private var committed = 0
  private var isStopping = false
  private var isOver = false
  private var threads = 0

  /// - Parameters:
  ///   - networks: threads of the second stage.
  ///   - byteLimit: bytes that items between the ends may have asked for together; one item alone may ask for more.
  ///   - stop: ends the work: what has got to the network is finished.
  package init(count: Int, networks: Int, byteLimit: Int, until stop: StopRequest, _ stages: Stages) {
    (self.count, self.networks, self.byteLimit, self.stop, self.stages) = (
      count, networks, byteLimit, stop, stages
    )
    window = networks + 16
  }

  /// Runs to the list's end, or until it is stopped.
  ///
  /// - Parameter commit: the last step. When it throws, nothing more is begun, and what is left is given to `discard`.
  package func run(
    commit: (Int, Output) throws(InferenceError) -> Void, discard: (Output) -> Void
  ) throws(InferenceError) {
    start()
    defer { end() }
    var failure: InferenceError?
    while let (index, output) = nextOutput() {
      if failure == nil {
        do throws(InferenceError) { try commit(index, output) } catch { failure = error }
      } else {
        discard(output)
      }
      didCommit(index, stops: failure != nil)
    }
    if let failure { throw failure }
  }

  private func start() {
    threads = Self.loaders + networks + Self.finishers
    for index in 0..<threads {
      let thread = Thread { [self] in
        switch index {
        case ..<networks: runAll(index)
        case ..<(networks + Self.loaders): loadAll()
        default: finishAll()
        }
        condition.withLock {
          threads -= 1
          condition.broadcast()
        }
      }
      thread.stackSize = 1 << 23
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

  /// What is committed next, waiting for it; `nil` at the end.
  private func nextOutput() -> (Int, Output)? {
    condition.lock()
    defer { condition.unlock() }
    while true {
      if stop.wasMade && !isStopping {
        isStopping = true
        condition.broadcast()
      }
      if let output = outputs.removeValue(forKey: committed) { return (committed, output) }
      if committed == (isStopping ? ran : count) { return nil }
      // A request to stop wakes nobody.
      _ = condition.wait(until: Date(timeIntervalSinceNow: 0.2))
    }
  }

  private func runAll(_ thread: Int) {
    while let (index, item) = takeLoaded() {
      let result = stages.network(thread, index, item)
      condition.withLock {
        switch result {
        case .success(let predicted): unfinished.append((index, predicted))
        case .failure(let settled): outputs[index] = settled.output
        }
        condition.broadcast()
      }
    }
  }

  private func takeLoaded() -> (Int, Loaded)? {
    condition.lock()
    defer { condition.unlock() }
    while !isStopping && !stop.wasMade && ran < count {
      guard let step = loaded.removeValue(forKey: ran) else {
        condition.wait()
        continue
      }
      ran += 1
      switch step {
      case .next(let item): return (ran - 1, item)
      case .settled(let output):
        outputs[ran - 1] = output
        condition.broadcast()
      }
    }
    return nil
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
      let step = stages.load(index) { reserve($0, index) }
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
    while !isStopping && taken < count && taken - committed >= window { condition.wait() }
    guard !isStopping && taken < count else { return nil }
    taken += 1
    return taken - 1
  }

  private func reserve(_ wanted: Int, _ index: Int) {
    condition.lock()
    defer { condition.unlock() }
    while !isStopping && (reserved < index || heldBytes > 0 && wanted > byteLimit - heldBytes) {
      condition.wait()
    }
    heldBytes += wanted
    bytes[index] = wanted
    reserved = max(reserved, index + 1)
    condition.broadcast()
  }

  private func finishAll() {
    while let (index, item) = takeUnfinished() {
      let output = stages.finish(index, item)
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
