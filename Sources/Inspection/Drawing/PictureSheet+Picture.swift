import Images

extension PictureSheet {
  private static let (margin, line, scaleHeight) = (12, 20, 72)
  private static let (keyHeight, swatch) = (22, 14)
  /// The side of a letter's dots, in pixels: all text can be read at 100 %.
  private static let dots = 2
  /// The length of a colour bar, in pixels: three numbers stand below it.
  static let barWidth = 384
  private static let paper = Color(red: 255, green: 255, blue: 255)
  private static let ink = Color(red: 32, green: 32, blue: 32)
  private static let frame = Color(red: 128, green: 128, blue: 128)

  private static func width(of text: String) -> Int { PictureCanvas.textSize(text.count, scale: dots).width }

  /// Where the tiles and keys of a section stand.
  private struct Grid {
    let columns: Int
    let cell: (width: Int, height: Int)
    let width: Int
    let height: Int
    let hasCaptions: Bool
    /// The left upper pixel of each key, from that of the section's first tile.
    let keys: [(x: Int, y: Int)]

    init(_ section: Section, widest: Int) {
      let size = section.tileSize
      hasCaptions = section.hasCaptions
      // A tile is as wide as its caption; one longer than a line is cut.
      let text = section.tiles.map { PictureSheet.width(of: $0.caption) }.max() ?? 0
      let gap = size.width < 48 && !hasCaptions ? 2 : PictureSheet.margin
      let caption = hasCaptions ? PictureSheet.line : 0
      cell = (max(size.width, min(text, 480)) + gap, size.height + caption + gap)
      let fitting = max(1, (widest + gap) / max(1, cell.width))
      columns = max(1, min(section.columns ?? fitting, max(1, section.tiles.count)))
      let tiles = (
        width: columns * cell.width, height: (section.tiles.count + columns - 1) / columns * cell.height
      )
      var (x, y, right) = (0, tiles.height, 0)
      var keys: [(x: Int, y: Int)] = []
      for key in section.keys {
        let width = PictureSheet.swatch + 6 + PictureSheet.width(of: key.text) + 18
        if x > 0 && x + width > max(tiles.width, widest) { (x, y) = (0, y + PictureSheet.keyHeight) }
        keys.append((x, y))
        x += width
        right = max(right, x)
      }
      self.keys = keys
      width = max(tiles.width, right)
      height = keys.isEmpty ? tiles.height : y + PictureSheet.keyHeight
    }
  }

  private var grids: [Grid] { sections.map { Grid($0, widest: widest) } }

  /// The width and height of `picture`, in pixels.
  public var size: (width: Int, height: Int) { size(grids) }

  private func size(_ grids: [Grid]) -> (width: Int, height: Int) {
    let texts = [title] + notes + sections.map(\.heading) + sections.compactMap { $0.scale?.meaning }
    let bar = sections.contains { $0.scale != nil } ? Self.barWidth + 2 : 0
    let needed = (texts.map(Self.width) + grids.map(\.width) + [bar]).max() ?? 0
    var height = Self.margin + (1 + notes.count) * Self.line + Self.margin
    for (section, grid) in zip(sections, grids) {
      height += (section.heading.isEmpty ? 0 : Self.line + 4) + grid.height + Self.margin
      height += section.scale == nil ? 0 : Self.scaleHeight
    }
    return (needed + 2 * Self.margin, height)
  }

  /// The sheet as a picture, 8-bit RGB.
  public func picture() -> Raster {
    let grids = grids
    let size = size(grids)
    var canvas = PictureCanvas(width: size.width, height: size.height, background: Self.paper)
    var y = Self.margin
    canvas.write(title, x: Self.margin, y: y, scale: Self.dots, Self.ink)
    y += Self.line
    for note in notes {
      canvas.write(note, x: Self.margin, y: y, scale: Self.dots, Self.frame)
      y += Self.line
    }
    y += Self.margin
    for (section, grid) in zip(sections, grids) {
      if !section.heading.isEmpty {
        canvas.write(section.heading, x: Self.margin, y: y, scale: Self.dots, Self.ink)
        y += Self.line + 4
      }
      draw(section, grid, onto: &canvas, y: y)
      y += grid.height + Self.margin
      if let scale = section.scale {
        draw(scale, onto: &canvas, x: Self.margin, y: y)
        y += Self.scaleHeight
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
      let letters = max(1, (grid.cell.width - 4) / Self.width(of: "0"))
      let text = tile.caption.count > letters ? tile.caption.prefix(letters - 1) + "…" : tile.caption[...]
      canvas.write(String(text), x: x, y: y + tall + 3, scale: Self.dots, Self.ink)
    }
    for (key, place) in zip(section.keys, grid.keys) {
      let (x, y) = (Self.margin + place.x, top + place.y)
      canvas.fill(x: x, y: y, width: Self.swatch, height: Self.swatch, key.color)
      canvas.outline(x: x, y: y, width: Self.swatch, height: Self.swatch, Self.frame)
      canvas.write(key.text, x: x + Self.swatch + 6, y: y, scale: Self.dots, Self.ink)
    }
  }

  /// The colours in a bar, the numbers at its ends and in the middle, and what they are.
  private func draw(_ scale: ColorScale, onto canvas: inout PictureCanvas, x: Int, y: Int) {
    let (width, height) = (Self.barWidth, 14)
    canvas.draw(scale.bar(width: width, height: height), x: x, y: y)
    canvas.outline(x: x - 1, y: y - 1, width: width + 2, height: height + 2, Self.frame)
    for (share, text) in scale.ticks {
      let place = x + Int(share * Double(width - 1))
      canvas.fill(x: place, y: y + height, width: 1, height: 4, Self.ink)
      let size = Self.width(of: text)
      let left = share == 0 ? place : share == 1 ? place - size : place - size / 2
      canvas.write(text, x: left, y: y + height + 6, scale: Self.dots, Self.ink)
    }
    canvas.write(scale.meaning, x: x, y: y + 2 * Self.line + 2, scale: Self.dots, Self.ink)
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
