import Images

/// An image with what is true of it: a class for each of its pixels, or one for the whole.
public struct Sample: Sendable, Equatable {
  /// What is true of an image.
  public enum Truth: Sendable, Equatable {
    /// The class of every pixel, of the image's size; `ignoredLabel` where there is none.
    case mask(Mask)
    /// The class of the image.
    case label(Int)
  }

  /// Which of the two truths the samples of a source have.
  public enum TruthKind: Sendable, Equatable {
    /// A class for each pixel.
    case mask
    /// A class for the image.
    case label
  }

  /// The picture, 8-bit RGB.
  public let image: Raster
  /// What is true of it.
  public let truth: Truth

  /// The label of pixels that have no class: they count neither in a loss nor in a score.
  public static let ignoredLabel: UInt8 = 255

  /// Pairs an 8-bit RGB picture with a mask of the same size; anything else is a caller's bug.
  public init(image: Raster, mask: Mask) {
    precondition(image.width == mask.width && image.height == mask.height, "image and mask differ in size")
    self.init(image: image, truth: .mask(mask))
  }

  /// Pairs an 8-bit RGB picture with the index of its class; anything else is a caller's bug.
  public init(image: Raster, label: Int) {
    precondition(label >= 0, "a label counts from 0")
    self.init(image: image, truth: .label(label))
  }

  private init(image: Raster, truth: Truth) {
    precondition(image.channels == 3, "a sample's picture is RGB")
    if case .sixteen = image.samples { preconditionFailure("a sample's picture has 8 bits") }
    (self.image, self.truth) = (image, truth)
  }

  /// The class of every pixel, if each has one.
  public var mask: Mask? {
    guard case .mask(let mask) = truth else { return nil }
    return mask
  }

  /// The class of the image, if it is one.
  public var label: Int? {
    guard case .label(let label) = truth else { return nil }
    return label
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

  /// The same truth under a picture of the same size.
  func with(rgb: [UInt8]) -> Sample {
    Sample(image: Raster(width: width, height: height, channels: 3, samples: .eight(rgb)), truth: truth)
  }

  /// A picture of another size whose mask `move` makes of the old one's labels; a class of the whole image stays.
  func moved(width: Int, height: Int, rgb: [UInt8], _ move: (_ labels: [UInt8]) -> [UInt8]) -> Sample {
    let picture = Raster(width: width, height: height, channels: 3, samples: .eight(rgb))
    switch truth {
    case .mask(let mask):
      return Sample(image: picture, mask: Mask(width: width, height: height, labels: move(mask.labels)))
    case .label:
      return Sample(image: picture, truth: truth)
    }
  }
}
