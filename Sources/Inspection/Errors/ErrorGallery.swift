import Images

/// Samples that a network gets wrong, the worst first, with image, truth, prediction and difference side by side.
public struct ErrorGallery: Sendable {
  /// A sample with what a network makes of it.
  public struct Entry: Sendable {
    /// What messages call the sample.
    public let name: String
    /// The picture, 8-bit RGB.
    public let picture: Raster
    /// The class of each pixel; labels beyond the classes do not count.
    public let truth: Mask
    /// The class that the network gives each pixel.
    public let prediction: Mask
    /// The mean of `iou` over the classes that occur.
    public let meanIoU: Double
    /// Intersection over union of each class; `nil` for one that neither truth nor prediction has.
    public let iou: [Double?]

    /// A sample; picture, truth and prediction have one size.
    public init(
      name: String, picture: Raster, truth: Mask, prediction: Mask, meanIoU: Double, iou: [Double?]
    ) {
      (self.name, self.picture, self.truth) = (name, picture, truth)
      (self.prediction, self.meanIoU, self.iou) = (prediction, meanIoU, iou)
    }
  }

  /// How well a sample was predicted.
  public struct Score: Sendable {
    /// What messages call the sample.
    public let name: String
    /// The mean of `iou` over the classes that occur; no number where none does.
    public let meanIoU: Double
    /// Intersection over union of each class; `nil` for one that neither truth nor prediction has.
    public let iou: [Double?]
  }

  /// The samples shown, the worst first.
  public private(set) var entries: [Entry] = []
  private var scores: [Score] = []
  /// What stands at the top.
  public let title: String
  /// The names of the classes.
  public let classes: [String]
  /// Their colours.
  public let palette: Palette
  /// How many samples are shown.
  public let limit: Int
  /// How many samples were seen.
  public var seen: Int { scores.count }
  /// All samples, the worst first; equal ones by name, those without a counted pixel last.
  public var ranking: [Score] {
    scores.sorted {
      ($0.meanIoU.isNaN ? 2 : $0.meanIoU, $0.name) < ($1.meanIoU.isNaN ? 2 : $1.meanIoU, $1.name)
    }
  }

  /// The longest side of a shown picture, in pixels.
  private static let longest = 320
  /// What the difference shows: wrong pixels, in a colour that nobody takes for gray.
  private static let wrong = Color(red: 213, green: 94, blue: 0)
  /// What it shows of pixels that do not count.
  private static let ignored = Color(red: 0, green: 114, blue: 178)

  /// An empty gallery of the `limit` worst samples.
  public init(title: String, classes: [String], palette: Palette, limit: Int) {
    (self.title, self.classes, self.palette, self.limit) = (title, classes, palette, max(1, limit))
  }

  /// Adds a sample, and drops the best of those there are too many of; of equal ones the later.
  ///
  /// A sample of no counted pixel, whose mean is no number, is no error and is left out.
  public mutating func add(_ entry: Entry) {
    scores.append(Score(name: entry.name, meanIoU: entry.meanIoU, iou: entry.iou))
    guard entry.meanIoU.isFinite else { return }
    let place = entries.firstIndex { $0.meanIoU > entry.meanIoU } ?? entries.count
    guard place < limit else { return }
    entries.insert(entry, at: place)
    if entries.count > limit { entries.removeLast() }
  }

  /// The four pictures of a sample: at most `longest` a side, small ones magnified.
  private func pictures(of entry: Entry) -> [(title: String, picture: Raster)] {
    let share = min(1, Double(Self.longest) / Double(max(entry.picture.width, entry.picture.height, 1)))
    let width = max(1, Int((Double(entry.picture.width) * share).rounded()))
    let height = max(1, Int((Double(entry.picture.height) * share).rounded()))
    let (truth, prediction) = (
      entry.truth.resized(width: width, height: height),
      entry.prediction.resized(width: width, height: height)
    )
    let picture = entry.picture.rgb8().resized(width: width, height: height)
    let factor = max(1, min(16, Self.longest / max(width, height)))
    return [
      ("image", picture), ("truth", shown(truth, counting: truth)),
      ("prediction", shown(prediction, counting: truth)),
      ("difference", difference(picture, truth, prediction)),
    ].map { ($0.0, $0.1.magnified(by: factor)) }
  }

  /// A mask in its colours; pixels that do not count are white.
  private func shown(_ mask: Mask, counting truth: Mask) -> Raster {
    let colored = mask.colored(palette)
    guard case .eight(var rgb) = colored.samples else { return colored }
    for pixel in truth.labels.indices where Int(truth.labels[pixel]) >= classes.count {
      for channel in 0..<3 { rgb[3 * pixel + channel] = 255 }
    }
    return Raster(width: mask.width, height: mask.height, channels: 3, samples: .eight(rgb))
  }

  /// The picture in gray with wrong pixels in one colour and those that do not count in another.
  private func difference(_ picture: Raster, _ truth: Mask, _ prediction: Mask) -> Raster {
    guard case .eight(var rgb) = picture.samples else { return picture }
    for pixel in truth.labels.indices {
      let base = 3 * pixel
      let gray = (Int(rgb[base]) * 299 + Int(rgb[base + 1]) * 587 + Int(rgb[base + 2]) * 114) / 1000
      let (truth, prediction) = (truth.labels[pixel], prediction.labels[pixel])
      let mark = Int(truth) >= classes.count ? Self.ignored : truth == prediction ? nil : Self.wrong
      let parts = mark.map { [$0.red, $0.green, $0.blue] }
      for channel in 0..<3 {
        // Right pixels stay pale, so that wrong ones stand out.
        let value = parts.map { (Int($0[channel]) * 3 + gray) / 4 } ?? 128 + gray / 2
        rgb[base + channel] = UInt8(min(255, value))
      }
    }
    return Raster(width: picture.width, height: picture.height, channels: 3, samples: .eight(rgb))
  }

  /// Throws unless a file name ends as a gallery's may.
  ///
  /// - Throws: `InspectionError.ending`.
  public static func check(path: String) throws(InspectionError) { try PictureSheet.check(path: path) }

  /// The bytes of a file of that name: a PNG, or one HTML page that holds everything.
  ///
  /// - Throws: `InspectionError.ending` for a name that ends in neither, `.image` for pictures that cannot be encoded.
  public func bytes(for path: String) throws(InspectionError) -> [UInt8] {
    guard path.lowercased().hasSuffix(".html") else { return try sheet.bytes(for: path) }
    do throws(ImageError) { return Array(try html().utf8) } catch { throw .image(error) }
  }

  private var notes: [String] {
    [
      "the \(entries.count) worst of \(seen) images by mean IoU",
      "difference: orange is wrong, blue does not count",
    ]
  }

  /// The classes that occur in a sample, with what the network makes of each.
  private func scores(of entry: Entry) -> [PictureSheet.Key] {
    zip(classes, entry.iou).enumerated().compactMap { index, score in
      score.1.map { iou in
        PictureSheet.Key(
          palette[UInt8(clamping: index)], "\(score.0) \(NumberText.short((iou * 1000).rounded() / 1000))")
      }
    }
  }

  private var keys: [PictureSheet.Key] {
    classes.enumerated().map { PictureSheet.Key(palette[UInt8(clamping: $0)], $1) }
  }

  private func heading(_ index: Int, _ entry: Entry) -> String {
    "\(index + 1). \(entry.name), mean IoU \(NumberText.short((entry.meanIoU * 10000).rounded() / 10000))"
  }

  /// The samples shown as a sheet.
  public var sheet: PictureSheet {
    var sections = entries.enumerated().map { index, entry in
      PictureSheet.Section(
        heading(index, entry), pictures(of: entry).map { .init($0.title, $0.picture) }, columns: 4,
        keys: scores(of: entry))
    }
    sections.append(PictureSheet.Section("classes", [], keys: keys))
    return PictureSheet(
      title: title, notes: notes + ["under each image: intersection over union of each class"],
      sections: sections)
  }

  private func html() throws(ImageError) -> String {
    var body = "<h1>\(Markup.escaped(title))</h1>"
    for note in notes { body += "<p>\(note)</p>" }
    body += "<p>" + keys.map(Markup.key).joined() + "</p>"
    for (index, entry) in entries.enumerated() {
      body +=
        "<h2>\(Markup.escaped(heading(index, entry)))</h2>"
      body += "<div class=\"flow\">"
      for (title, picture) in pictures(of: entry) {
        let isPhotograph = title == "image" || title == "difference"
        let image =
          isPhotograph
          ? try Markup.photograph(picture, title: title) : try Markup.image(picture, title: title)
        body += "<figure>\(image)<figcaption>\(title)</figcaption></figure>"
      }
      body += "</div><table><tr>"
      let occurring = entry.iou.indices.filter { entry.iou[$0] != nil && $0 < classes.count }
      body += occurring.map { "<th>\(Markup.escaped(classes[$0]))</th>" }.joined() + "</tr><tr>"
      body += occurring.map { "<td>\(NumberText.short(((entry.iou[$0] ?? 0) * 1000).rounded() / 1000))</td>" }
        .joined()
      body += "</tr></table>"
    }
    return Markup.page(title: title, body: body)
  }
}
