import Augmentation
import Datasets
import TensorCore
import Testing

@Suite struct BlendedBatchTests {
  private func batch(_ indices: [Int]) throws -> Batch {
    let source = CountingSource()
    return try Batch(
      try indices.map { try source.sample(at: $0) }, names: indices.map { "\($0)" },
      normalization: Normalization(mean: [0, 0.5, 1], deviation: [1, 0.5, 0.25]))
  }

  @Test func picturesAreBlendedAndLabelsKept() throws {
    let plain = try batch([0, 5, 3])
    let blended = plain.blended(share: 0.25)
    #expect(blended.labels == plain.labels && blended.share == 0.25 && blended.names == plain.names)
    #expect(blended.images.shape == plain.images.shape)
    let (pixels, labels) = (plain.images.elements, plain.labels.elements)
    for (place, next) in [1, 2, 0].enumerated() {
      for index in 0..<48 {
        let wanted = 0.25 * Double(pixels[place * 48 + index]) + 0.75 * Double(pixels[next * 48 + index])
        #expect(abs(Double(blended.images.elements[place * 48 + index]) - wanted) < 1e-6)
      }
      let partners = try #require(blended.partnerLabels)
      #expect(partners.shape == plain.labels.shape)
      #expect(partners.elements[place * 16..<place * 16 + 16] == labels[next * 16..<next * 16 + 16])
    }
  }

  @Test func aShareOfOneChangesNoPicture() throws {
    let plain = try batch([1, 2])
    #expect(plain.partnerLabels == nil && plain.share == 1)
    #expect(plain.blended(share: 1).images == plain.images)
    let alone = try batch([4]).blended(share: 0.5)
    let same = try batch([4]).images
    #expect(alone.partnerLabels == alone.labels && alone.images == same)
  }

  @Test func loadersBlendBatchesOfTheirOwnShare() throws {
    let pipeline = try AugmentationPipeline([AugmentationStep(.mixUp(alpha: 1))])
    let plan = BatchPlan(source: CountingSource(), batchSize: 2, pipeline: pipeline, seed: 4)
    func shares(threads: Int) throws -> [Float] {
      let loader = BatchLoader(plan, epoch: 1, threads: threads)
      var shares: [Float] = []
      while let batch = try loader.next() {
        #expect(batch.partnerLabels != nil)
        shares.append(batch.share)
      }
      return shares
    }
    let one = try shares(threads: 1)
    #expect(Set(one).count == one.count && one.count > 2)
    #expect(try shares(threads: 2) == one)
    #expect(one[0] == pipeline.share(seed: 4, epoch: 1, index: 0))
  }
}
