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

  /// What a picture may take.
  var memory: MemoryBudget { main.options.memory }

  /// How many classes the network knows.
  var classes: Int { main.ensemble.first.network.classes }

  /// What the network makes of a picture; called by the thread `member`.
  func predict(
    _ picture: Raster, name: String, wantsProbabilities: Bool, member: Int
  ) throws(InferenceError) -> Prediction {
    guard members.indices.contains(member),
      try isSmall(picture, name: name, wantsProbabilities: wantsProbabilities, members[member])
    else {
      takeMain()
      defer {
        // The others have the memory from now on.
        if count > 1 { main.releasePlans() }
        leaveMain()
      }
      return try main.predict(picture, name: name, wantsProbabilities: wantsProbabilities)
    }
    begin()
    defer { end() }
    return try members[member].predict(picture, name: name, wantsProbabilities: wantsProbabilities)
  }

  /// Whether as many such pictures as there may be at once fit the memory.
  private func isSmall(
    _ picture: Raster, name: String, wantsProbabilities: Bool, _ member: Predictor
  ) throws(InferenceError) -> Bool {
    guard picture.width * picture.height <= 1 << 20 else { return false }
    let cut = try member.cut(picture, wantsProbabilities: wantsProbabilities, name: name)
    return cut.layout.count == 1 && cut.bytes <= memory.bytes / Self.largestCount
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
    }
  }

  private func leaveMain() {
    condition.withLock {
      isMainTaken = false
      condition.broadcast()
    }
  }
}
