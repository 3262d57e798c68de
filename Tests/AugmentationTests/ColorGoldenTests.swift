import Augmentation
import Images
import Testing

/// Colours of torchvision and Pillow, which Tools/Golden/colors.py prints.
///
/// torchvision cuts fractions off where this module rounds, and its luma has other weights in the third digit: results
/// are a step apart at most, two where luma is multiplied.
@Suite struct ColorGoldenTests {
  private let sample = Sample(
    image: Raster(width: 6, height: 4, channels: 3, samples: .eight(Self.pixels)),
    mask: Mask(width: 6, height: 4, labels: [UInt8](repeating: 1, count: 24)))

  private func expect(
    _ found: Sample, _ expected: [UInt8], within steps: Int = 1,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let differences = zip(found.rgb, expected).map { abs(Int($0) - Int($1)) }
    #expect(differences.count == 72, sourceLocation: sourceLocation)
    #expect(differences.max() ?? 255 <= steps, sourceLocation: sourceLocation)
    #expect(found.mask == sample.mask, sourceLocation: sourceLocation)
  }

  @Test func brightness() {
    expect(ColorJitter.adjusted(sample, brightness: 1.3, contrast: 1, saturation: 1), Self.brightness)
  }

  @Test func contrast() {
    expect(ColorJitter.adjusted(sample, brightness: 1, contrast: 0.6, saturation: 1), Self.contrast)
  }

  @Test func saturation() {
    expect(
      ColorJitter.adjusted(sample, brightness: 1, contrast: 1, saturation: 1.7), Self.saturation, within: 2)
  }

  @Test func hue() {
    for (turn, expected) in [(0.1, Self.hue), (-0.4, Self.hueBack)] as [(Float, [UInt8])] {
      expect(ColorJitter.adjusted(sample, brightness: 1, contrast: 1, saturation: 1, hue: turn), expected)
    }
  }

  @Test func gray() {
    expect(apply(Grayscale(), sample), Self.gray)
    expect(apply(Grayscale(), sample), Self.pillowGray)
  }

  private static let pixels: [UInt8] = [
    168, 229, 184, 171, 238, 171, 20, 206, 245, 153, 204, 5, 37, 53, 213, 206, 192, 173, 6, 120, 63, 96,
    236, 131, 118, 4, 87, 161, 124, 71, 42, 73, 237, 16, 194, 250, 10, 103, 206, 13, 143, 2, 38, 71, 133,
    118, 36, 98, 196, 35, 57, 146, 50, 179, 145, 104, 206, 53, 141, 33, 181, 39, 151, 11, 180, 138, 66, 0,
    165, 98, 123, 12,
  ]
  private static let brightness: [UInt8] = [
    218, 255, 239, 222, 255, 222, 26, 255, 255, 198, 255, 6, 48, 68, 255, 255, 249, 224, 7, 156, 81, 124,
    255, 170, 153, 5, 113, 209, 161, 92, 54, 94, 255, 20, 252, 255, 13, 133, 255, 16, 185, 2, 49, 92, 172,
    153, 46, 127, 254, 45, 74, 189, 65, 232, 188, 135, 255, 68, 183, 42, 235, 50, 196, 14, 233, 179, 85, 0,
    214, 127, 159, 15,
  ]
  private static let contrast: [UInt8] = [
    146, 182, 155, 148, 188, 148, 57, 169, 192, 137, 167, 48, 67, 77, 173, 169, 160, 149, 49, 117, 83, 103,
    187, 124, 116, 47, 97, 142, 119, 88, 70, 89, 187, 55, 161, 195, 51, 107, 169, 53, 131, 46, 68, 88, 125,
    116, 67, 104, 163, 66, 79, 133, 75, 152, 132, 107, 169, 77, 130, 65, 154, 68, 136, 52, 153, 128, 85,
    45, 144, 104, 119, 52,
  ]
  private static let saturation: [UInt8] = [
    142, 245, 169, 143, 255, 143, 0, 242, 255, 143, 230, 0, 16, 43, 255, 215, 191, 159, 0, 148, 51, 35,
    255, 95, 167, 0, 115, 183, 120, 30, 14, 66, 255, 0, 226, 255, 0, 114, 255, 0, 181, 0, 17, 73, 178, 153,
    14, 119, 255, 0, 37, 183, 19, 239, 157, 87, 255, 18, 168, 0, 241, 0, 190, 0, 219, 147, 85, 0, 253, 95,
    137, 0,
  ]
  private static let hue: [UInt8] = [
    168, 229, 221, 171, 238, 212, 20, 71, 245, 33, 204, 5, 127, 37, 213, 200, 206, 173, 6, 109, 120, 96,
    236, 215, 118, 4, 18, 144, 161, 71, 128, 42, 237, 16, 53, 250, 34, 10, 206, 2, 143, 75, 62, 38, 133,
    118, 36, 48, 196, 110, 35, 179, 50, 135, 206, 104, 206, 33, 141, 78, 181, 39, 66, 11, 121, 180, 165, 0,
    165, 31, 123, 12,
  ]
  private static let hueBack: [UInt8] = [
    229, 168, 177, 238, 171, 198, 245, 194, 20, 176, 5, 204, 123, 213, 37, 179, 173, 206, 120, 17, 6, 236,
    96, 117, 4, 118, 103, 88, 71, 161, 151, 237, 42, 250, 213, 16, 182, 206, 10, 143, 2, 69, 109, 133, 38,
    36, 118, 105, 35, 121, 196, 50, 179, 94, 104, 206, 104, 141, 33, 96, 39, 181, 154, 180, 70, 11, 0, 165,
    0, 104, 12, 123,
  ]
  private static let gray: [UInt8] = [
    205, 205, 205, 210, 210, 210, 154, 154, 154, 166, 166, 166, 66, 66, 66, 193, 193, 193, 79, 79, 79, 182,
    182, 182, 47, 47, 47, 129, 129, 129, 82, 82, 82, 147, 147, 147, 86, 86, 86, 88, 88, 88, 68, 68, 68, 67,
    67, 67, 85, 85, 85, 93, 93, 93, 127, 127, 127, 102, 102, 102, 94, 94, 94, 124, 124, 124, 38, 38, 38,
    102, 102, 102,
  ]
  private static let pillowGray: [UInt8] = [
    206, 206, 206, 210, 210, 210, 155, 155, 155, 166, 166, 166, 66, 66, 66, 194, 194, 194, 79, 79, 79, 182,
    182, 182, 48, 48, 48, 129, 129, 129, 82, 82, 82, 147, 147, 147, 87, 87, 87, 88, 88, 88, 68, 68, 68, 68,
    68, 68, 86, 86, 86, 93, 93, 93, 128, 128, 128, 102, 102, 102, 94, 94, 94, 125, 125, 125, 39, 39, 39,
    103, 103, 103,
  ]
}
