import Images

extension PictureSheet {
  private static let margin = 12
  private static let line = 20
  private static let paper = Color(red: 255, green: 255, blue: 255)
  private static let ink = Color(red: 32, green: 32, blue: 32)
  private static let frame = Color(red: 128, green: 128, blue: 128)
  /// Pixels that a row of tiles may take where nobody says how many stand in it.
  private static let widest = 1200

  /// Where the tiles of a section stand.
  private struct Grid {
    let columns: Int
    let cell: (width: Int, height: Int)
    let width: Int
    let height: Int
    /// The side of a caption's dots, in pixels.
    let captionScale: Int
    let hasCaptions: Bool

    init(_ section: Section) {
      let size = section.tileSize
      hasCaptions = section.hasCaptions
      let longest = section.tiles.map(\.caption.count).max() ?? 0
      captionScale = PictureCanvas.textSize(longest, scale: 2).width <= size.width ? 2 : 1
      // A tile is as wide as its caption where that is small print already.
      let text = hasCaptions ? min(PictureCanvas.textSize(longest, scale: 1).width, 240) : 0
      let gap = size.width < 48 && !hasCaptions ? 2 : PictureSheet.margin
      let caption = hasCaptions ? PictureCanvas.textSize(1, scale: captionScale).height + 8 : 0
      cell = (max(size.width, text) + gap, size.height + caption + gap)
      let fitting = max(1, (PictureSheet.widest + gap) / max(1, cell.width))
      columns = max(1, min(section.columns ?? fitting, max(1, section.tiles.count)))
      width = columns * cell.width
      height = (section.tiles.count + columns - 1) / columns * cell.height
    }
  }

  /// The sheet as a picture, 8-bit RGB.
  public func picture() -> Raster {
    let grids = sections.map(Grid.init)
    let bar = 380
    let texts =
      [PictureCanvas.textSize(title.count, scale: 2).width]
      + (notes + sections.map(\.heading) + sections.compactMap { $0.scale?.meaning })
      .map { PictureCanvas.textSize($0.count, scale: 2).width }
    let needed = (texts + grids.map(\.width) + [sections.contains { $0.scale != nil } ? bar : 0]).max() ?? 0
    var height = Self.margin + (1 + notes.count) * Self.line + Self.margin
    for (section, grid) in zip(sections, grids) {
      height += (section.heading.isEmpty ? 0 : Self.line + 4) + grid.height + Self.margin
      height += section.scale == nil ? 0 : 3 * Self.line + Self.margin
    }
    var canvas = PictureCanvas(width: needed + 2 * Self.margin, height: height, background: Self.paper)
    var y = Self.margin
    canvas.write(title, x: Self.margin, y: y, scale: 2, Self.ink)
    y += Self.line
    for note in notes {
      canvas.write(note, x: Self.margin, y: y, scale: 2, Self.frame)
      y += Self.line
    }
    y += Self.margin
    for (section, grid) in zip(sections, grids) {
      if !section.heading.isEmpty {
        canvas.write(section.heading, x: Self.margin, y: y, scale: 2, Self.ink)
        y += Self.line + 4
      }
      draw(section, grid, onto: &canvas, y: y)
      y += grid.height + Self.margin
      if let scale = section.scale {
        draw(scale, onto: &canvas, x: Self.margin, y: y)
        y += 3 * Self.line + Self.margin
      }
    }
    return canvas.picture
  }

  private func draw(_ section: Section, _ grid: Grid, onto canvas: inout PictureCanvas, y top: Int) {
    let tall = section.tileSize.height
    for (index, tile) in section.tiles.enumerated() {
      let x = Self.margin + index % grid.columns * grid.cell.width
      let y = top + index / grid.columns * grid.cell.height
      canvas.draw(tile.picture, x: x, y: y)
      guard grid.hasCaptions else { continue }
      let letters = max(1, (grid.cell.width - 4) / PictureCanvas.textSize(1, scale: grid.captionScale).width)
      let text = tile.caption.count > letters ? tile.caption.prefix(letters - 1) + "…" : tile.caption[...]
      canvas.write(String(text), x: x, y: y + tall + 3, scale: grid.captionScale, Self.ink)
    }
  }

  /// The colours in a bar, the numbers at its ends and in the middle, and what they are.
  private func draw(_ scale: ColorScale, onto canvas: inout PictureCanvas, x: Int, y: Int) {
    let (width, height) = (256, 14)
    canvas.draw(scale.bar(width: width, height: height), x: x, y: y)
    canvas.outline(x: x - 1, y: y - 1, width: width + 2, height: height + 2, Self.frame)
    for (share, text) in scale.ticks {
      let place = x + Int(share * Double(width - 1))
      canvas.fill(x: place, y: y + height, width: 1, height: 4, Self.ink)
      let size = PictureCanvas.textSize(text.count, scale: 1).width
      let left = share == 0 ? place : share == 1 ? place - size : place - size / 2
      canvas.write(text, x: left, y: y + height + 6, scale: 1, Self.ink)
    }
    canvas.write(scale.meaning, x: x, y: y + 2 * Self.line - 4, scale: 2, Self.ink)
  }
}

extension ColorScale {
  /// The map's colours from the left to the right.
  func bar(width: Int, height: Int) -> Raster {
    let row = (0..<width).map { Float($0) / Float(max(1, width - 1)) }
    let values = (0..<height).flatMap { _ in row }
    return map.picture(values, width: width, lowest: 0, highest: 1)
  }

  /// Numbers that stand at a bar, each with its place from 0 at the start to 1 at the end.
  var ticks: [(share: Double, text: String)] {
    [0, 0.5, 1].map { ($0, NumberText.short(lowest + (highest - lowest) * $0)) }
  }
}
