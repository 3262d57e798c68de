/// Which color stands for which class: a strip of swatches with names, to be put below a picture.
///
/// It is drawn small and magnified row by row, so that even the widest takes no memory to speak of.
public struct Legend: Sendable {
  /// A class and its color.
  public struct Entry: Sendable, Equatable {
    /// What is written.
    public let name: String
    /// What the swatch shows.
    public let color: Color

    /// An entry.
    public init(name: String, color: Color) { (self.name, self.color) = (name, color) }
  }

  /// Width in pixels: that of the picture, or more where the longest entry needs it.
  public let width: Int
  /// Height in pixels; 0 when there are no entries.
  public var height: Int { drawing.height * scale }
  /// The strip drawn small, and how many pixels across and down a pixel of that becomes.
  private let drawing: Raster
  private let scale: Int

  /// The letters of a name that are shown.
  private static let longestName = 40
  private static let (ink, edge, paper) = (
    Color(red: 32, green: 32, blue: 32), Color(red: 150, green: 150, blue: 150),
    Color(red: 255, green: 255, blue: 255)
  )

  /// A legend for a picture of that size; its letters grow with the picture. Entries stand in rows, in their order.
  public init(_ entries: [Entry], width: Int, height: Int) {
    scale = max(1, min(width, height) / 180)
    let (letter, gap) = (PictureCanvas.textSize(1), 4)
    let swatch = letter.height + 2
    let names = entries.map { String($0.name.prefix(Self.longestName)) }
    let widths = names.map { swatch + gap + PictureCanvas.textSize($0.count).width }
    self.width = max(width, ((widths.max() ?? 0) + 2 * gap) * scale)
    let available = self.width / scale
    var (x, y) = (gap, gap)
    let places = widths.map { entryWidth in
      if x > gap, x + entryWidth + gap > available { (x, y) = (gap, y + swatch + gap) }
      defer { x += entryWidth + 2 * gap }
      return (x: x, y: y)
    }
    guard let last = places.last else {
      drawing = Raster(width: 0, height: 0, channels: 3, samples: .eight([]))
      return
    }
    // The right border may cut a pixel of the small strip.
    var canvas = PictureCanvas(width: available + 1, height: last.y + swatch + gap, background: Self.paper)
    for (index, place) in places.enumerated() {
      canvas.fill(x: place.x, y: place.y, width: swatch, height: swatch, Self.edge)
      canvas.fill(
        x: place.x + 1, y: place.y + 1, width: letter.height, height: letter.height, entries[index].color)
      canvas.write(names[index], x: place.x + swatch + gap, y: place.y + 1, Self.ink)
    }
    drawing = canvas.picture
  }

  /// Row `y`, 8-bit RGB: dark letters on white, written to the `3 · width` samples of `target`.
  public func writeRGB8(row y: Int, to target: UnsafeMutableBufferPointer<UInt8>) {
    precondition((0..<height).contains(y) && target.count == 3 * width)
    guard case .eight(let samples) = drawing.samples else { return }
    let row = y / scale * drawing.width
    for x in 0..<width {
      let pixel = 3 * (row + x / scale)
      for channel in 0..<3 { target[3 * x + channel] = samples[pixel + channel] }
    }
  }

  /// The whole strip.
  public var picture: Raster {
    var samples = [UInt8](repeating: 0, count: 3 * width * height)
    samples.withUnsafeMutableBufferPointer { samples in
      for y in 0..<height {
        writeRGB8(row: y, to: .init(rebasing: samples[y * 3 * width..<(y + 1) * 3 * width]))
      }
    }
    return Raster(width: width, height: height, channels: 3, samples: .eight(samples))
  }
}
