import Augmentation
import Datasets
import Synchronization
import Testing

@Suite struct CachedSourceTests {
  /// Counts how often each sample is asked for.
  final class Counter: SampleSource {
    let source = CountingSource()
    let asked = Mutex([Int: Int]())
    var title: String { source.title }
    var classes: [String] { source.classes }
    var count: Int { source.count }
    func name(at index: Int) -> String { source.name(at: index) }
    func sample(at index: Int) throws(DatasetError) -> Sample {
      asked.withLock { $0[index, default: 0] += 1 }
      return try source.sample(at: index)
    }
  }

  @Test func keepsUpToTheLimit() throws {
    let counter = Counter()
    // A sample takes 4 · 4 pixels of 4 bytes.
    let cached = CachedSource(counter, limit: 3 * 64 + 1)
    for _ in 0..<2 {
      for index in 0..<5 { #expect(try cached.sample(at: index) == counter.source.sample(at: index)) }
    }
    #expect(cached.bytes == 3 * 64)
    #expect(counter.asked.withLock { $0 } == [0: 1, 1: 1, 2: 1, 3: 2, 4: 2])
  }

  @Test func keepsARepeatedSampleOnce() throws {
    let counter = Counter()
    let cached = CachedSource(try MixedDataset([.init(counter, repeats: 4)]))
    for index in 0..<40 { _ = try cached.sample(at: index) }
    #expect(counter.asked.withLock { $0.values.allSatisfy { $0 == 1 } })
    #expect(cached.bytes == 640)
  }
}
