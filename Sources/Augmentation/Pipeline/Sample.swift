import Images

/// An image with a class for each of its pixels.
public struct Sample: Sendable, Equatable {
  /// The picture, 8-bit RGB.
  public let image: Raster
  /// The class of every pixel, of the image's size; `ignoredLabel` where there is none.
  public let mask: Mask

  /// The label of pixels that have no class: they count neither in a loss nor in a score.
  public static let ignoredLabel: UInt8 = 255

  /// Pairs an 8-bit RGB picture with a mask of the same size; anything else is a caller's bug.
  public init(image: Raster, mask: Mask) {
    precondition(image.channels == 3, "a sample's picture is RGB")
    precondition(image.width == mask.width && image.height == mask.height, "image and mask differ in size")
    if case .sixteen = image.samples { preconditionFailure("a sample's picture has 8 bits") }
    self.image = image
    self.mask = mask
  }

  /// Width in pixels.
  public var width: Int { image.width }
  /// Height in pixels.
  public var height: Int { image.height }

  /// The picture's samples, red, green and blue interleaved, `3 · height · width` of them.
  public var rgb: [UInt8] {
    guard case .eight(let samples) = image.samples else { return [] }
    return samples
  }

  init(width: Int, height: Int, rgb: [UInt8], labels: [UInt8]) {
    image = Raster(width: width, height: height, channels: 3, samples: .eight(rgb))
    mask = Mask(width: width, height: height, labels: labels)
  }

  /// The same mask under a picture of the same size.
  func with(rgb: [UInt8]) -> Sample {
    Sample(width: width, height: height, rgb: rgb, labels: mask.labels)
  }
}
