import Images
import Inference
import TensorCore
import Testing

@Suite struct ViewTests {
  private func probabilities(_ image: Raster, _ views: Set<ViewKind> = []) throws -> [Float] {
    var options = PredictionOptions()
    options.views = views
    let predictor = try Predictor(
      try SmallNetwork.model(), options: options, pool: ThreadPool(threads: 2))
    let prediction = try predictor.predict(image, name: "a.png", wantsProbabilities: true)
    return try #require(prediction.probabilities).elements
  }

  /// Values of three classes, mirrored.
  private func mirrored(_ values: [Float], _ width: Int, _ height: Int, _ across: Bool, _ down: Bool)
    -> [Float]
  {
    (0..<values.count).map { index in
      let (x, y) = (index / 3 % width, index / 3 / width)
      return values[((down ? height - 1 - y : y) * width + (across ? width - 1 - x : x)) * 3 + index % 3]
    }
  }

  private func difference(_ one: [Float], _ other: [Float]) -> Float {
    one.count == other.count ? zip(one, other).map { abs($0 - $1) }.max() ?? 1 : 1
  }

  /// The mean of what the network says of the picture and of its mirror images.
  @Test(arguments: [Set([ViewKind.flips]), [.allFlips], [.flips, .allFlips]])
  func flipsAreAveraged(kinds: Set<ViewKind>) throws {
    let image = picture(21, 14)
    var sum = [Float](repeating: 0, count: 21 * 14 * 3)
    var count: Float = 0
    for down in kinds.contains(.allFlips) ? [false, true] : [false] {
      for across in [false, true] {
        let seen = try probabilities(image.mirrored(horizontally: across, vertically: down))
        for (index, value) in mirrored(seen, 21, 14, across, down).enumerated() { sum[index] += value }
        count += 1
      }
    }
    #expect(difference(try probabilities(image, kinds), sum.map { $0 / count }) < 1e-6)
  }

  /// A picture that is its own mirror image gets an answer that is its own too; the plain one is not.
  @Test func aSymmetricPictureStaysSo() throws {
    let half = picture(12, 10)
    let values = (0..<10 * 24 * 3).map { index -> UInt8 in
      let (x, y) = (index / 3 % 24, index / 72)
      guard case .eight(let samples) = half.samples else { return 0 }
      return samples[(y * 12 + min(x, 23 - x)) * 3 + index % 3]
    }
    let image = Raster(width: 24, height: 10, channels: 3, samples: .eight(values))
    let (plain, averaged) = (try probabilities(image), try probabilities(image, [.flips]))
    #expect(difference(averaged, mirrored(averaged, 24, 10, true, false)) < 1e-6)
    #expect(difference(plain, mirrored(plain, 24, 10, true, false)) > 1e-4)
  }

  /// Three sizes, brought back by a plain bilinear resize in 64 bits.
  @Test func scalesAreAveraged() throws {
    let image = picture(20, 16)
    var sum = [Double](repeating: 0, count: 20 * 16 * 3)
    for (width, height) in [(20, 16), (15, 12), (25, 20)] {
      let seen = try probabilities(image.resized(width: width, height: height))
      for y in 0..<16 {
        for x in 0..<20 {
          let (v, u) = (
            max(0, (Double(y) + 0.5) * Double(height) / 16 - 0.5),
            max(0, (Double(x) + 0.5) * Double(width) / 20 - 0.5)
          )
          for channel in 0..<3 {
            func value(_ row: Int, _ column: Int) -> Double {
              Double(seen[(min(row, height - 1) * width + min(column, width - 1)) * 3 + channel])
            }
            let (top, left) = (Int(v), Int(u))
            let (down, right) = (v - Double(top), u - Double(left))
            let upper = value(top, left) * (1 - right) + value(top, left + 1) * right
            let lower = value(top + 1, left) * (1 - right) + value(top + 1, left + 1) * right
            sum[(y * 20 + x) * 3 + channel] += (upper * (1 - down) + lower * down) / 3
          }
        }
      }
    }
    #expect(difference(try probabilities(image, [.scales]), sum.map { Float($0) }) < 1e-5)
  }

  @Test func lists() throws {
    #expect(try ViewKind.list("flips,scales") == [.flips, .scales])
    #expect(try ViewKind.list("flips, scales") == [.flips, .scales])
    #expect(message { try ViewKind.list("flip") } == "--tta: expected flips, all-flips, scales, found 'flip'")
    #expect(message { try ViewKind.list("") } == "--tta: expected flips, all-flips, scales, found ''")
  }
}
