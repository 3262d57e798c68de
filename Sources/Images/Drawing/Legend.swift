/// Which color stands for which class: a strip of swatches with names, to be put below a picture.
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

  /// The strip, 8-bit RGB: dark letters on white, as wide as the picture, or wider where the longest entry needs it; of
  /// no rows when there are no entries.
  public let picture: Raster

  /// The letters of a name that are shown.
  private static let longestName = 40
  private static let (ink, edge, paper) = (
    Color(red: 32, green: 32, blue: 32), Color(red: 150, green: 150, blue: 150),
    Color(red: 255, green: 255, blue: 255)
  )

  /// A legend for a picture of that size; its letters grow with the picture. Entries stand in rows, in their order.
  public init(_ entries: [Entry], width: Int, height: Int) {
    let scale = max(1, min(width, height) / 180)
    let (letter, gap) = (PictureCanvas.textSize(1, scale: scale), 4 * scale)
    let swatch = letter.height + 2 * scale
    let names = entries.map { String($0.name.prefix(Self.longestName)) }
    let widths = names.map { swatch + gap + PictureCanvas.textSize($0.count, scale: scale).width }
    let available = max(width, (widths.max() ?? 0) + 2 * gap)
    var (x, y) = (gap, gap)
    let places = widths.map { entryWidth in
      if x > gap, x + entryWidth + gap > available { (x, y) = (gap, y + swatch + gap) }
      defer { x += entryWidth + 2 * gap }
      return (x: x, y: y)
    }
    guard let last = places.last else {
      picture = Raster(width: width, height: 0, channels: 3, samples: .eight([]))
      return
    }
    var canvas = PictureCanvas(width: available, height: last.y + swatch + gap, background: Self.paper)
    for (index, place) in places.enumerated() {
      canvas.fill(x: place.x, y: place.y, width: swatch, height: swatch, Self.edge)
      canvas.fill(
        x: place.x + scale, y: place.y + scale, width: letter.height, height: letter.height,
        entries[index].color)
      canvas.write(
        names[index], x: place.x + swatch + gap, y: place.y + scale, scale: scale, Self.ink)
    }
    picture = canvas.picture
  }
}
