import Images
import TensorCore

extension FieldOfView {
  private static let box = Color(red: 230, green: 159, blue: 0)
  private static let mark = Color(red: 255, green: 255, blue: 255)

  /// Lines that tell the field in numbers.
  public var facts: [String] {
    func range(_ range: ClosedRange<Int>) -> String { "\(range.lowerBound)…\(range.upperBound)" }
    let seen = support.map { "rows \(range($0.rows)), columns \(range($0.columns))" } ?? "nothing"
    return [
      "theoretical: \(theoretical.height)×\(theoretical.width) pixels, stride "
        + "\(NumberText.short(theoretical.strideHeight))×\(NumberText.short(theoretical.strideWidth))",
      "element \(element.height),\(element.width) of \(size.height)×\(size.width): rows \(range(rows)), columns "
        + range(columns),
      "effective: \(NumberText.grouped(seenPixels)) pixels of at least \(NumberText.short(Double(Self.threshold) * 100)) % "
        + "of the largest gradient, a square of \(NumberText.short(effectiveSide))",
      "gradient: in \(seen)",
    ]
  }

  /// The box on the picture, and the effective field with the box on it.
  ///
  /// - Parameters:
  ///   - called: what the title calls the layer; its name if `nil`.
  ///   - picture: what was looked at, of the size of the input; left out for inputs that are no pictures.
  public func sheet(model: String, called: String? = nil, picture: Raster?) -> PictureSheet {
    let factor = max(1, min(8, 384 / max(1, max(effective.rows, effective.columns))))
    let scale = ColorScale(
      .viridis, lowest: 0, highest: 1, meaning: "gradient, as a share of the largest")
    var tiles: [PictureSheet.Tile] = []
    if let picture { tiles.append(.init("theoretical box", boxed(picture.rgb8(), factor))) }
    tiles.append(.init("effective field", boxed(effective.picture(scale), factor)))
    return PictureSheet(
      title: "\(model): what one element of \(called ?? layer) sees", notes: facts,
      sections: [PictureSheet.Section("", tiles, scale: scale, columns: tiles.count)])
  }

  private func boxed(_ picture: Raster, _ factor: Int) -> Raster {
    let shown = picture.magnified(by: factor)
    var canvas = PictureCanvas(width: shown.width, height: shown.height, background: Self.mark)
    canvas.draw(shown, x: 0, y: 0)
    // What reaches beyond the picture is cut off at its border, where the box then has no line.
    canvas.outline(
      x: columns.lowerBound * factor, y: rows.lowerBound * factor, width: columns.count * factor,
      height: rows.count * factor, thickness: 2, Self.box)
    return canvas.picture
  }
}
