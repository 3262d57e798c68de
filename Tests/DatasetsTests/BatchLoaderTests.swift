import Augmentation
import Datasets
import TensorCore
import Testing

@Suite struct BatchLoaderTests {
  private func all(_ loader: BatchLoader) throws -> [Batch] {
    var batches: [Batch] = []
    while let batch = try loader.next() { batches.append(batch) }
    return batches
  }

  private func plan(_ source: CountingSource = CountingSource(uneven: true), size: Int = 3) throws
    -> BatchPlan
  {
    BatchPlan(
      source: source, batchSize: size,
      pipeline: try AugmentationPipeline([
        AugmentationStep(.scale(min: 0.5, max: 2)), AugmentationStep(.crop(width: 5, height: 5)),
        AugmentationStep(.flip(.horizontal)), AugmentationStep(.noise(deviation: 10)),
      ]), normalization: .unit, seed: 11, shuffles: true)
  }

  @Test func threadsDoNotChangeTheBatches() throws {
    let plan = try plan()
    let one = try all(BatchLoader(plan, epoch: 3, threads: 1, lookAhead: 1))
    #expect(one.map(\.names.count) == [3, 3, 3, 1])
    #expect(Set(one.flatMap(\.names)).count == 10)
    for threads in [2, 3, 8] {
      #expect(try all(BatchLoader(plan, epoch: 3, threads: threads, lookAhead: threads + 1)) == one)
    }
  }

  @Test func epochsAndSeedsDiffer() throws {
    var plan = try plan()
    let first = try all(BatchLoader(plan, epoch: 0))
    #expect(try all(BatchLoader(plan, epoch: 1)).map(\.names) != first.map(\.names))
    plan.seed = 12
    #expect(try all(BatchLoader(plan, epoch: 0)).map(\.names) != first.map(\.names))
  }

  @Test(arguments: 0...5)
  func goesOnInMidEpoch(start: Int) throws {
    let plan = try plan()
    let whole = try all(BatchLoader(plan, epoch: 2))
    #expect(try all(BatchLoader(plan, epoch: 2, startingAt: start)) == Array(whole.dropFirst(start)))
  }

  @Test func sourcesOrderWithoutShuffling() throws {
    let plan = BatchPlan(source: CountingSource(), batchSize: 4)
    #expect(
      try all(BatchLoader(plan, epoch: 5)).flatMap(\.names) == (0..<10).map { "counting/\($0)" })
  }

  @Test func leavesOutAShortLastBatch() throws {
    var plan = try plan(size: 4)
    plan.dropsLast = true
    #expect(plan.batches == 2)
    #expect(try all(BatchLoader(plan, epoch: 0)).map(\.names.count) == [4, 4])
    plan.batchSize = 100
    #expect(try all(BatchLoader(plan, epoch: 0)).map(\.names.count) == [10])
  }

  @Test(arguments: [1, 3])
  func errorsOfThreadsSurface(threads: Int) throws {
    var plan = BatchPlan(source: CountingSource(broken: 7), batchSize: 2)
    let loader = BatchLoader(plan, epoch: 0, threads: threads)
    for _ in 0..<3 { #expect(try loader.next() != nil) }
    #expect(message { try loader.next() } == "counting/7: expected a file, found nothing; check the path")
    #expect(try loader.next() == nil)
    plan.source = CountingSource(uneven: true)
    #expect(message { try BatchLoader(plan, epoch: 0, threads: threads).next() }.contains("add 'crop'"))
  }

  /// Loaders that are dropped while their threads wait or work.
  @Test func endsEarly() throws {
    let plan = try plan()
    for _ in 0..<50 {
      let loader = BatchLoader(plan, epoch: 0, threads: 3, lookAhead: 2)
      _ = try loader.next()
    }
  }

  @Test func repeatedSamplesAreAugmentedApart() throws {
    var plan = try plan(size: 1)
    plan.source = try MixedDataset([.init(CountingSource(count: 1), repeats: 8)])
    let images = try all(BatchLoader(plan, epoch: 0)).map(\.images.elements)
    #expect(Set(images).count == 8)
  }
}
