import Images
import TensorCore

extension LayerActivation {
  /// The sides of the largest tiles that are tried, in pixels, and how large the sheet may get by them.
  private static let sides = [144, 128, 112, 96, 80, 64, 48]
  private static let (widest, highest) = (1900, 3000)

  /// The strongest feature maps of layers on a sheet. Tiles are the smaller the more there are.
  ///
  /// - Parameters:
  ///   - activations: what the layers made of a picture.
  ///   - names: what headings call the layers; their names if `nil`.
  ///   - top: how many of each layer.
  ///   - picture: what they made it of.
  ///   - title: what stands at the top.
  public static func sheet(
    _ activations: [LayerActivation], names: [String]? = nil, top: Int, picture: Raster, title: String
  ) -> PictureSheet {
    func sheet(_ side: Int, isDraft: Bool) -> PictureSheet {
      let input = PictureSheet.Tile("input", picture.fitting(2 * side, isDraft: isDraft))
      let sections = activations.enumerated().map { place, activation in
        activation.section(
          called: names?[place] ?? activation.layer, top: top, side: side, isDraft: isDraft)
      }
      return PictureSheet(
        title: title,
        notes: ["the strongest channels of each layer first; under each its index and the mean of its size"],
        sections: [PictureSheet.Section("", [input])] + sections, widest: widest)
    }
    let side = sides.first { sheet($0, isDraft: true).size.height <= highest }
    return sheet(side ?? sides[sides.count - 1], isDraft: false)
  }

  private func section(
    called name: String, top: Int, side: Int, isDraft: Bool
  ) -> PictureSheet.Section {
    let shown = channels.prefix(top)
    let ranges = shown.map(\.map.range)
    let (low, high) = (ranges.map(\.lowest).min() ?? 0, ranges.map(\.highest).max() ?? 0)
    // What is never negative starts at 0, where a ReLU does.
    let scale =
      low < 0
      ? ColorScale.balanced(max(-low, high), meaning: "activation")
      : ColorScale(.viridis, lowest: 0, highest: Double(high), meaning: "activation")
    let tiles = shown.map { channel in
      let text = "\(channel.index): \(NumberText.short(channel.strength))"
      guard !isDraft else { return PictureSheet.Tile(text, Raster.draft(shape.width, shape.height, side)) }
      return PictureSheet.Tile(text, channel.map.picture(scale).rgb8().fitting(side, isDraft: false))
    }
    return PictureSheet.Section(
      "\(name) (\(label), \(shape.height)×\(shape.width)×\(shape.channels))", tiles, scale: scale)
  }
}

extension Raster {
  /// The picture with a longer side of at most so many pixels: magnified by a whole number, or made smaller; or, as a
  /// draft, an empty one of that size.
  fileprivate func fitting(_ side: Int, isDraft: Bool) -> Raster {
    let draft = Raster.draft(width, height, side)
    guard !isDraft else { return draft }
    return draft.width >= width
      ? rgb8().magnified(by: draft.width / width) : rgb8().resized(width: draft.width, height: draft.height)
  }

  fileprivate static func draft(_ width: Int, _ height: Int, _ side: Int) -> Raster {
    let longest = max(1, max(width, height))
    let share = longest > side ? Double(side) / Double(longest) : Double(max(1, min(16, side / longest)))
    return Raster.solid(
      Color(red: 0, green: 0, blue: 0), width: max(1, Int((Double(width) * share).rounded())),
      height: max(1, Int((Double(height) * share).rounded())))
  }
}
