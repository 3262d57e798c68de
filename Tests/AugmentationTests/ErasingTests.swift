import Augmentation
import Images
import TensorCore
import Testing

/// What covers, dots, lights and redraws pictures, and what mixes samples.
@Suite struct ErasingTests {
  private let white = graySample(width: 40, height: 30, [UInt8](repeating: 255, count: 1200))

  @Test func cutoutIsOneSquare() {
    for seed in 0..<30 as Range<UInt64> {
      let result = apply(RandomErasing(count: 1...1, size: 7...7), white, seed: seed)
      let covered = red(result).indices.filter { red(result)[$0] == 128 }
      let (columns, rows) = (Set(covered.map { $0 % 40 }), Set(covered.map { $0 / 40 }))
      #expect((4...7).contains(columns.count) && (4...7).contains(rows.count))
      #expect(covered.count == columns.count * rows.count)
      #expect(result.mask == white.mask)
    }
  }

  @Test func coarseDropoutIsSeveral() {
    let counts = (0..<30).map { seed in
      red(apply(RandomErasing(count: 1...20, size: 1...1), white, seed: seed)).count { $0 == 128 }
    }
    #expect(counts.allSatisfy { (1...20).contains($0) } && Set(counts).count > 5)
  }

  @Test func saltAndPepperByShare() {
    let gray = graySample(width: 100, height: 99, [UInt8](repeating: 100, count: 9900))
    let values = red(apply(SaltAndPepper(amount: 0.2), gray))
    let (salt, pepper) = (values.count { $0 == 255 }, values.count { $0 == 0 })
    #expect((850...1130).contains(salt) && (850...1130).contains(pepper))
    #expect(values.count { $0 == 100 } == 9900 - salt - pepper)
    #expect(apply(SaltAndPepper(amount: 0), gray) == gray)
    #expect(red(apply(SaltAndPepper(amount: 1), gray)).allSatisfy { $0 == 0 || $0 == 255 })
  }

  /// A step of 100 has a Sobel response of 400 on both sides, cut off at 255; one of 10 has 40.
  @Test func sobelOfAStep() {
    let step = graySample(width: 6, height: 3, (0..<18).map { $0 % 6 < 3 ? 50 : 60 })
    #expect(red(apply(SobelEdges(), step)) == [0, 0, 40, 40, 0, 0, 0, 0, 40, 40, 0, 0, 0, 0, 40, 40, 0, 0])
    let steep = graySample(width: 2, height: 1, [0, 200])
    #expect(red(apply(SobelEdges(), steep)) == [0, 0])
  }

  @Test func lightingAddsAColor() {
    let gray = graySample(width: 1, height: 1, [100])
    // The first component with a share of −1: 55.46 times 0.5675, 0.5808 and 0.5836.
    #expect(ColorLighting.lit(gray, shares: [-1, 0, 0]).rgb == [131, 132, 132])
    #expect(ColorLighting.lit(gray, shares: [0, 0, 0]) == gray)
  }

  @Test func jpegStaysNear() throws {
    let sample = graySample(width: 33, height: 17, (0..<561).map { UInt8($0 % 33 * 7) })
    let result = apply(JPEGArtifacts(quality: 90...90), sample)
    #expect(
      zip(red(result), red(sample)).allSatisfy { abs(Int($0) - Int($1)) < 24 } && result.mask == sample.mask)
    let rough = apply(JPEGArtifacts(quality: 5...5), sample)
    #expect(rough.image != result.image && rough.width == 33 && rough.height == 17)
  }

  @Test func resizedCropByRatio() {
    for seed in 0..<30 as Range<UInt64> {
      let crop = RandomResizedCrop(width: 2, height: 2, area: 0.25...0.25, ratio: 4...4)
      // A window 4 wide and 1 high.
      let result = apply(crop, countingSample(width: 4, height: 4), seed: seed)
      #expect(Set(result.labels.map { $0 / 4 }).count == 1)
    }
  }
}

@Suite struct CutMixTests {
  private func plain(_ label: UInt8) -> Sample {
    Sample(
      image: Raster(
        width: 12, height: 8, channels: 3, samples: .eight([UInt8](repeating: label * 10, count: 288))),
      mask: Mask(width: 12, height: 8, labels: [UInt8](repeating: label, count: 96)))
  }

  @Test func pastesImageAndMaskAlike() throws {
    let pipeline = try AugmentationPipeline([AugmentationStep(.cutMix(min: 0.25, max: 0.25))])
    let samples = [plain(1), plain(2), plain(3)]
    let mixed = pipeline.mix(samples, seed: 1, epoch: 0, indices: [5, 9, 2])
    for (place, sample) in mixed.enumerated() {
      let (own, other) = (UInt8(place + 1), UInt8((place + 1) % 3 + 1))
      #expect(sample.labels.count { $0 == other } == 24 && sample.labels.count { $0 == own } == 72)
      #expect(zip(red(sample), sample.labels).allSatisfy { $0 == $1 * 10 })
    }
    #expect(pipeline.mix(samples, seed: 1, epoch: 0, indices: [5, 9, 2]) == mixed)
    #expect(pipeline.mix(samples, seed: 1, epoch: 1, indices: [5, 9, 2]) != mixed)
    // Alone in a batch a sample stays; and by itself the step changes none.
    #expect(pipeline.mix([plain(1)], seed: 1, epoch: 0, indices: [5]) == [plain(1)])
    #expect(pipeline.apply(plain(1), seed: 1, epoch: 0, index: 5) == plain(1))
  }

  @Test func ofTheProbabilityAskedFor() throws {
    let pipeline = try AugmentationPipeline([
      AugmentationStep(.cutMix(min: 0.5, max: 0.5), probability: 0.25)
    ])
    let changed = (0..<400).filter {
      pipeline.mix([plain(1), plain(2)], seed: 1, epoch: 0, indices: [$0, 1000 + $0])[0] != plain(1)
    }
    #expect((70...130).contains(changed.count))
  }
}
