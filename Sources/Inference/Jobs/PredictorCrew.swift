import Foundation
import Images
import TensorCore

/// Predictors that share their weights and work on several pictures at once.
///
/// Threads that work on pictures of their own wait for nobody, while those that share one picture wait for each other
/// after every layer. A picture that is too large to have one of several places in memory has all threads and all memory
/// to itself.
final class PredictorCrew: @unchecked Sendable {
  // @unchecked: each member is used by the one thread of its number; `main` by one that has made all others wait.

  /// How many pictures are worked on at once.
  let count: Int
  private let main: Predictor
  private let members: [Predictor]
  private let condition = NSCondition()
  private var working = 0
  private var isMainTaken = false

  /// The most pictures at once: beyond that, threads share pictures, because each takes memory.
  private static let largestCount = 4

  /// - Parameter pictures: how many there are.
  init(_ main: Predictor, pictures: Int) {
    self.main = main
    let threads = main.pool.threads
    count = max(1, min(threads, Self.largestCount, pictures))
    members =
      count == 1
      ? []
      : (0..<count).map { [count] index in
        main.twin(on: ThreadPool(threads: threads / count + (index < threads % count ? 1 : 0)))
      }
  }

  /// What was asked for.
  var options: PredictionOptions { main.options }

  /// How many classes the network knows.
  var classes: Int { main.ensemble.first.network.classes }

  /// What the network makes of a picture; called by the thread `member`.
  ///
  /// - Parameter progress: called after each tile of a picture that has several, with the tiles done and all.
  func predict(
    _ item: InputCollection.Item, _ loaded: PictureWork.Loaded, _ work: PictureWork, member: Int,
    progress: (_ done: Int, _ count: Int) -> Void
  ) throws(InferenceError) -> PictureWork.Predicted {
    guard case .whole(let picture) = loaded.content, members.indices.contains(member),
      try isSmall(picture, name: item.input, work, members[member])
    else {
      return try withAll { main throws(InferenceError) in
        try work.predict(item, loaded, with: main, progress: progress)
      }
    }
    begin()
    defer { end() }
    return try work.predict(item, loaded, with: members[member])
  }

  /// Calls `body` with a predictor that has all threads and all memory to itself.
  private func withAll<Result>(
    _ body: (Predictor) throws(InferenceError) -> Result
  ) throws(InferenceError) -> Result {
    takeMain()
    defer {
      // The others have the memory from now on.
      if count > 1 { main.releasePlans() }
      leaveMain()
    }
    return try body(main)
  }

  /// Whether as many such pictures as there may be at once fit the memory beside those that wait.
  private func isSmall(
    _ picture: Raster, name: String, _ work: PictureWork, _ member: Predictor
  ) throws(InferenceError) -> Bool {
    guard picture.width * picture.height <= 1 << 20 else { return false }
    let cut = try member.cut(picture, wantsProbabilities: work.wantsProbabilities, name: name)
    let program = MemoryNeed.program(main.ensemble)
    let waiting = WaitingShare(fixed: program, own: 0).bytes(within: options.memory.bytes)
    // Each keeps the plan of another size, too; program and models are there once.
    return cut.layout.count == 1
      && 2 * Self.largestCount * (cut.bytes - program) <= options.memory.bytes - program - waiting
  }

  private func begin() {
    condition.withLock {
      while isMainTaken { condition.wait() }
      working += 1
    }
  }

  private func end() {
    condition.withLock {
      working -= 1
      if working == 0 { condition.broadcast() }
    }
  }

  private func takeMain() {
    condition.withLock {
      while isMainTaken { condition.wait() }
      isMainTaken = true
      while working > 0 { condition.wait() }
      for member in members { member.releasePlans() }
    }
  }

  private func leaveMain() {
    condition.withLock {
      isMainTaken = false
      condition.broadcast()
    }
  }
}
