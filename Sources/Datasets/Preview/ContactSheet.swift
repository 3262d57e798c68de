import Augmentation
import Images

/// Some samples of a split on one picture: each image, beside it the same with its mask, and below a legend.
public struct ContactSheet {
  /// What is done to each sample before it is shown.
  public var pipeline: AugmentationPipeline
  /// The seed of `pipeline`.
  public var seed: UInt64

  /// Samples that a sheet may show.
  public static let counts = 1...400

  /// The longest side of a picture on the sheet, in pixels.
  private static let side = 192
  private static let margin = 6
  private static let paper = Color(red: 24, green: 24, blue: 24)
  private static let ink = Color(red: 235, green: 235, blue: 235)

  /// A sheet of samples as a training with this pipeline and seed sees them in its first epoch.
  public init(pipeline: AugmentationPipeline = AugmentationPipeline(), seed: UInt64 = 0) {
    (self.pipeline, self.seed) = (pipeline, seed)
  }

  /// Draws `count` samples of a split, or all if there are fewer, spread evenly over it.
  ///
  /// - Throws: `DatasetError` for a sample that cannot be read.
  public func render(_ dataset: Dataset, count: Int) throws(DatasetError) -> Raster {
    let shown = min(count, dataset.count)
    let hasMasks = dataset.truth == .mask
    let columns = max(1, Int(Double(shown).squareRoot().rounded(.up)))
    let cell = (
      width: Self.side * (hasMasks ? 2 : 1) + Self.margin,
      height: Self.side + PictureCanvas.textSize(1).height + 2 * Self.margin
    )
    let entries = hasMasks ? Self.legend(dataset) : []
    let width = columns * cell.width + Self.margin
    let (perRow, entryWidth) = Self.grid(entries, width)
    let rows = (shown + columns - 1) / columns
    let legendTop = rows * cell.height + Self.margin
    let entryHeight = PictureCanvas.textSize(1, scale: 2).height + Self.margin
    let legendHeight = entries.isEmpty ? 0 : (entries.count + perRow - 1) / perRow * entryHeight
    var canvas = PictureCanvas(
      width: width, height: legendTop + legendHeight + Self.margin, background: Self.paper)
    let palette = Palette(dataset.definition.colors)
    for place in 0..<shown {
      // Evenly spread, because neighbours are often alike.
      let index = place * dataset.count / shown
      let sample = pipeline.apply(try dataset.sample(at: index), seed: seed, epoch: 0, index: index)
      let (x, y) = (place % columns * cell.width + Self.margin, place / columns * cell.height + Self.margin)
      Self.draw(sample, palette, onto: &canvas, x: x, y: y)
      let caption = Self.caption(sample, dataset, index)
      let letters = (cell.width - Self.margin) / PictureCanvas.textSize(1).width
      canvas.write(String(caption.prefix(letters)), x: x, y: y + Self.side + Self.margin, Self.ink)
    }
    for (number, entry) in entries.enumerated() {
      let (x, y) = (Self.margin + number % perRow * entryWidth, legendTop + number / perRow * entryHeight)
      let side = PictureCanvas.textSize(1, scale: 2).height
      canvas.fill(x: x, y: y, width: side, height: side, entry.color)
      canvas.write(entry.text, x: x + side + Self.margin, y: y, scale: 2, Self.ink)
    }
    return canvas.picture
  }

  /// The sample's picture, and beside it the picture with its mask.
  private static func draw(
    _ sample: Sample, _ palette: Palette, onto canvas: inout PictureCanvas, x: Int, y: Int
  ) {
    let longest = max(sample.width, sample.height)
    let (width, height) = (
      max(1, sample.width * side / longest), max(1, sample.height * side / longest)
    )
    let picture = sample.image.resized(width: width, height: height)
    canvas.draw(picture, x: x, y: y)
    if let mask = sample.mask?.resized(width: width, height: height) {
      canvas.draw(Overlay.blend(picture, mask, palette: palette, opacity: 0.6), x: x + side, y: y)
    }
  }

  /// The name of the sample's file, behind its class if it has one.
  ///
  /// Not inlined, because the compiler (6.3) then fails on the borrowed sample.
  @inline(never)
  private static func caption(_ sample: Sample, _ dataset: Dataset, _ index: Int) -> String {
    let file = dataset.name(at: index).split(separator: "/").suffix(1).joined()
    if let label = sample.label { return "\(dataset.classes[label]): \(file)" }
    return file
  }

  /// The colour of each class and of pixels without one.
  private static func legend(_ dataset: Dataset) -> [(text: String, color: Color)] {
    let palette = Palette(dataset.definition.colors)
    return dataset.classes.enumerated().map {
      ("\($0.offset) \($0.element)", palette[UInt8(clamping: $0.offset)])
    }
      + [("ignore", palette[Sample.ignoredLabel])]
  }

  /// How many entries of a legend stand in a row, and the width of each.
  private static func grid(_ entries: [(text: String, color: Color)], _ width: Int) -> (
    perRow: Int, width: Int
  ) {
    let letters = entries.map(\.text.count).max() ?? 0
    let (text, height) = PictureCanvas.textSize(letters, scale: 2)
    let entry = height + text + 3 * margin
    return (max(1, (width - margin) / entry), entry)
  }
}
