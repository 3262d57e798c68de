import Augmentation
import Testing

@Suite struct GaussianNoiseTests {
  @Test func meanAndDeviation() {
    let size = 100
    let sample = graySample(width: size, height: size, [UInt8](repeating: 128, count: size * size))
    let result = apply(GaussianNoise(deviation: 8), sample)
    let values = result.rgb.map { Double($0) - 128 }
    let mean = values.reduce(0, +) / Double(values.count)
    let deviation = (values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(values.count))
      .squareRoot()
    #expect(abs(mean) < 0.2)
    #expect(abs(deviation - 8) < 0.15)
    #expect(result.mask == sample.mask)
  }

  @Test func cutOffAtBlackAndWhite() {
    let sample = graySample(width: 2, height: 1, [0, 255])
    for seed in 0..<50 as Range<UInt64> {
      _ = apply(GaussianNoise(deviation: 128), sample, seed: seed)
    }
    #expect(apply(GaussianNoise(deviation: 0), sample) == sample)
  }
}
