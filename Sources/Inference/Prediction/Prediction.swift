import Images
import TensorCore

/// What a network made of a picture.
public struct Prediction: Sendable {
  /// The label of pixels that belong to none of the chosen classes, where the network has no background.
  public static let noClass: UInt8 = 255

  /// The class of every pixel.
  public let mask: Mask
  /// The picture as it was read.
  public let source: Raster
  /// Class names, by index.
  public let classes: [String]
  /// Class colours, by index.
  public let palette: Palette
  /// The classes that were asked for; `nil` for all.
  public let chosenClasses: [Int]?
  /// `[1, H, W, C]` in `0…1`, if asked for.
  public let probabilities: Tensor?
  /// Whether the picture was cut into tiles smaller than what the network sees around a pixel.
  let hasSmallTiles: Bool

  /// A prediction; mask, picture and probabilities have one size, and there is a name for each label of the mask but
  /// `noClass`.
  public init(
    mask: Mask, source: Raster, classes: [String], palette: Palette, chosenClasses: [Int]? = nil,
    probabilities: Tensor? = nil
  ) {
    self.init(
      mask: mask, source: source, classes: classes, palette: palette, chosenClasses: chosenClasses,
      probabilities: probabilities, hasSmallTiles: false)
  }

  init(
    mask: Mask, source: Raster, classes: [String], palette: Palette, chosenClasses: [Int]?,
    probabilities: Tensor?,
    hasSmallTiles: Bool
  ) {
    precondition(mask.width == source.width && mask.height == source.height, "a mask has its picture's size")
    (self.mask, self.source, self.classes, self.palette) = (mask, source, classes, palette)
    (self.chosenClasses, self.probabilities) = (chosenClasses, probabilities)
    self.hasSmallTiles = hasSmallTiles
  }

  /// The picture, 8-bit RGB.
  public var picture: Raster { source.rgb8() }

  /// Pixels of each class.
  public var pixels: [Int] { Array(labelCounts.prefix(classes.count)) }

  /// Pixels and share of each class, by index.
  public var summary: [ClassShare] { ClassShare.all(labelCounts, of: classes) }

  private var labelCounts: [Int] {
    var counts = [Int](repeating: 0, count: 256)
    for label in mask.labels { counts[Int(label)] += 1 }
    return counts
  }
}

/// How much of a picture a class covers.
public struct ClassShare: Sendable, Equatable, Codable {
  /// The label index.
  public let index: Int
  /// The class name.
  public let name: String
  /// Pixels of the class.
  public let pixels: Int
  /// Their share of all pixels, `0…1`.
  public let share: Double

  /// What classes cover of a picture whose pixels were counted for each of the 256 labels.
  static func all(_ counts: [Int], of classes: [String]) -> [ClassShare] {
    let total = Double(max(1, counts.reduce(0, +)))
    return zip(classes, counts).enumerated().map { index, entry in
      ClassShare(index: index, name: entry.0, pixels: entry.1, share: Double(entry.1) / total)
    }
  }
}
