import Augmentation
import Dispatch
import Synchronization
import Testing

@Suite struct AugmentationPipelineTests {
  static let steps: [AugmentationStep] = [
    AugmentationStep(.scale(min: 0.75, max: 1.5)), AugmentationStep(.crop(width: 4, height: 4)),
    AugmentationStep(.flip(.horizontal)), AugmentationStep(.rotate90),
    AugmentationStep(.color(brightness: 0.2, contrast: 0.2, saturation: 0.2)),
    AugmentationStep(.gamma(min: 0.8, max: 1.2)), AugmentationStep(.noise(deviation: 4), probability: 0.5),
    AugmentationStep(.blur(deviation: 1), probability: 0.5),
  ]

  @Test func dependsOnItsKeysAlone() throws {
    let pipeline = try AugmentationPipeline(Self.steps)
    let sample = countingSample(width: 5, height: 5)
    let alone = (0..<32).map { pipeline.apply(sample, seed: 7, epoch: 2, index: $0) }
    let together = Mutex([Int: Sample]())
    DispatchQueue.concurrentPerform(iterations: 32) { index in
      let result = pipeline.apply(sample, seed: 7, epoch: 2, index: 31 - index)
      together.withLock { $0[31 - index] = result }
    }
    #expect(together.withLock { results in (0..<32).map { results[$0] } } == alone)
    #expect(Set(alone.map(\.rgb)).count > 28)
    #expect(pipeline.apply(sample, seed: 8, epoch: 2, index: 0) != alone[0])
    #expect(pipeline.apply(sample, seed: 7, epoch: 3, index: 0) != alone[0])
  }

  @Test func geometryKeepsPixelsAndLabelsTogether() throws {
    let pipeline = try AugmentationPipeline([
      AugmentationStep(.crop(width: 6, height: 3)), AugmentationStep(.flip(.horizontal)),
      AugmentationStep(.flip(.vertical)), AugmentationStep(.rotate90),
    ])
    for index in 0..<100 {
      let result = pipeline.apply(countingSample(width: 5, height: 5), seed: 1, epoch: 0, index: index)
      #expect(agrees(result))
      #expect(result.labels.contains { $0 != Sample.ignoredLabel })
    }
  }

  @Test func probabilityIsAShare() throws {
    for (probability, expected) in [(0, 0...0), (0.25, 200...300), (1, 1000...1000)]
      as [(Float, ClosedRange<Int>)]
    {
      let pipeline = try AugmentationPipeline([
        AugmentationStep(.flip(.horizontal), probability: probability)
      ])
      let sample = countingSample(width: 2, height: 1)
      let flipped = (0..<1000).filter { pipeline.apply(sample, seed: 1, epoch: 0, index: $0) != sample }
      #expect(expected.contains(flipped.count))
    }
  }

  /// A stage draws from its own stream: the noise before it does not change where the crop lies.
  @Test func stagesDoNotDisturbEachOther() {
    let crop = AugmentationPipeline.Stage(RandomCrop(width: 2, height: 2))
    let sample = countingSample(width: 5, height: 5)
    for index in 0..<10 {
      let one = AugmentationPipeline([.init(GaussianNoise(deviation: 0)), crop])
      let other = AugmentationPipeline([.init(GaussianNoise(deviation: 3)), crop])
      #expect(
        one.apply(sample, seed: 1, epoch: 0, index: index).mask
          == other.apply(sample, seed: 1, epoch: 0, index: index).mask)
    }
  }

  @Test func emptyPipelineKeepsTheSample() {
    let sample = countingSample(width: 5, height: 5)
    #expect(AugmentationPipeline().apply(sample, seed: 1, epoch: 0, index: 0) == sample)
  }
}
