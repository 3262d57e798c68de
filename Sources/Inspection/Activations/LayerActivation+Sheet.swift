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
    var sheet = PictureSheet(title: title, sections: [])
    for side in sides {
      var sections = [PictureSheet.Section("", [.init("input", picture.rgb8().fitting(2 * side))])]
      for (place, activation) in activations.enumerated() {
        sections.append(
          activation.section(called: names?[place] ?? activation.layer, top: top, side: side))
      }
      sheet = PictureSheet(
        title: title,
        notes: ["the strongest channels of each layer first; under each its index and the mean of its size"],
        sections: sections, widest: widest)
      if sheet.size.height <= highest { break }
    }
    return sheet
  }

  private func section(called name: String, top: Int, side: Int) -> PictureSheet.Section {
    let shown = channels.prefix(top)
    let ranges = shown.map(\.map.range)
    let (low, high) = (ranges.map(\.lowest).min() ?? 0, ranges.map(\.highest).max() ?? 0)
    // What is never negative starts at 0, where a ReLU does.
    let scale =
      low < 0
      ? ColorScale.balanced(max(-low, high), meaning: "activation")
      : ColorScale(.viridis, lowest: 0, highest: Double(high), meaning: "activation")
    let tiles = shown.map { channel in
      PictureSheet.Tile(
        "\(channel.index): \(NumberText.short(channel.strength))", channel.map.picture(scale).fitting(side))
    }
    return PictureSheet.Section(
      "\(name) (\(label), \(shape.height)×\(shape.width)×\(shape.channels))", tiles, scale: scale)
  }
}

extension Raster {
  /// The picture with a longer side of at most so many pixels: magnified by a whole number, or made smaller.
  func fitting(_ side: Int) -> Raster {
    let longest = max(1, max(width, height))
    guard longest > side else { return magnified(by: max(1, min(16, side / longest))) }
    let share = Double(side) / Double(longest)
    return resized(
      width: max(1, Int((Double(width) * share).rounded())),
      height: max(1, Int((Double(height) * share).rounded())))
  }
}
