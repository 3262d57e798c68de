import Augmentation
import TensorCore
import Testing

@Suite struct MixUpTests {
  /// Mean 1/2 and variance 1 / (4 (2α + 1)), as Beta(α, α) has them.
  @Test(arguments: [0.1, 0.2, 1, 3] as [Float]) func sharesAreOfABetaDistribution(alpha: Float) {
    var random = RandomStream(seed: 11)
    let mixUp = MixUp(alpha: alpha)
    let shares = (0..<20_000).map { _ in Double(mixUp.share(random: &random)) }
    #expect(shares.allSatisfy { (0...1).contains($0) })
    let mean = shares.reduce(0, +) / 20_000
    let variance = shares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
    #expect(abs(mean - 0.5) < 0.012)
    #expect(abs(variance - 1 / (4 * (2 * Double(alpha) + 1))) < 0.005)
  }

  /// Beta(1, 1) is the uniform distribution.
  @Test func uniform() {
    var random = RandomStream(seed: 12)
    let shares = (0..<10_000).map { _ in MixUp(alpha: 1).share(random: &random) }
    for tenth in 0..<10 {
      let count = shares.count { $0 >= Float(tenth) / 10 && $0 < Float(tenth + 1) / 10 }
      #expect((880...1120).contains(count), "\(tenth)")
    }
  }

  @Test func shareOfABatch() throws {
    let steps = [AugmentationStep(.flip(.horizontal)), AugmentationStep(.mixUp(alpha: 1), probability: 0.5)]
    let pipeline = try AugmentationPipeline(steps)
    #expect(pipeline.blendsBatches)
    let shares = (0..<400).map { pipeline.share(seed: 1, epoch: 2, index: $0) }
    #expect((160...240).contains(shares.count { $0 == 1 }))
    #expect(shares == (0..<400).map { pipeline.share(seed: 1, epoch: 2, index: $0) })
    #expect(shares != (0..<400).map { pipeline.share(seed: 1, epoch: 3, index: $0) })
    #expect(shares != (0..<400).map { pipeline.share(seed: 2, epoch: 2, index: $0) })
    // By itself the step changes no sample.
    let sample = countingSample(width: 4, height: 4)
    let alone = try AugmentationPipeline([AugmentationStep(.mixUp(alpha: 1))])
    #expect(alone.apply(sample, seed: 1, epoch: 0, index: 0) == sample)
    #expect(alone.mix([sample, sample], seed: 1, epoch: 0, indices: [0, 1]) == [sample, sample])
    let none = try AugmentationPipeline([steps[0]])
    #expect(!none.blendsBatches && none.share(seed: 1, epoch: 0, index: 0) == 1)
  }
}
