import Synchronization
import TensorCore

/// Reads all samples of a split on several threads.
enum FactCollector {
  /// What is read of a sample.
  enum Depth { case headers, pixels }

  /// The facts of every sample, in their order; `progress` is called with the number of samples read so far, from
  /// one thread at a time.
  static func facts(
    _ dataset: Dataset, depth: Depth, pool: ThreadPool, progress: (Int) -> Void = { _ in }
  ) -> [SampleFacts] {
    let results = Mutex((facts: [SampleFacts?](repeating: nil, count: dataset.count), done: 0))
    pool.forEach(dataset.count) { index, _ in
      let facts =
        switch depth {
        case .headers: SampleFacts(problems: dataset.headerProblems(at: index))
        case .pixels: SampleFacts(dataset.reading(at: index))
        }
      results.withLock {
        $0.facts[index] = facts
        $0.done += 1
        progress($0.done)
      }
    }
    return results.withLock { $0.facts.compactMap { $0 } }
  }
}
