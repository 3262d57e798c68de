import Images
import TensorCore

extension Explanation {
  private static let outline = Color(red: 86, green: 180, blue: 233)

  /// The picture with the region that was explained, the evidence over it and by itself, and, of methods that find it,
  /// the gradient.
  ///
  /// - Parameters:
  ///   - picture: what was explained, of the size of the input.
  ///   - model: what the title calls the network.
  ///   - className: the class's name.
  ///   - called: what a note calls the layer; its name if `nil`.
  public func sheet(
    of picture: Raster, model: String, className: String, called: String? = nil
  ) -> PictureSheet {
    let rgb = picture.rgb8()
    let factor = max(1, min(8, 288 / max(1, max(rgb.width, rgb.height))))
    let evidence = evidence(height: rgb.height, width: rgb.width)
    let range = evidence.range
    let scale: ColorScale
    if range.lowest < 0 {
      scale = .balanced(max(-range.lowest, range.highest), meaning: meaning)
    } else {
      scale = ColorScale(.inferno, lowest: 0, highest: Double(range.highest), meaning: meaning)
    }
    var tiles = [
      PictureSheet.Tile(hasRegion ? "image, region outlined" : "image", outlined(rgb).magnified(by: factor))
    ]
    if let gradient {
      tiles.append(.init("gradient, gray is 0", Self.colors(gradient).magnified(by: factor)))
    }
    tiles.append(.init("evidence, overlaid", evidence.overlay(on: rgb, scale).magnified(by: factor)))
    tiles.append(.init("evidence", evidence.picture(scale).magnified(by: factor)))
    let what = method == .occlusion ? "probability" : "logit"
    var notes = ["mean \(what) \(NumberText.short(score))" + (hasRegion ? " over \(count) pixels" : "")]
    if let layer { notes.append("layer \(called ?? layer), \(map.rows)×\(map.columns)") }
    return PictureSheet(
      title: "\(model): what speaks for \(className), by \(method.rawValue)", notes: notes,
      sections: [PictureSheet.Section("", tiles, scale: scale, columns: tiles.count == 4 ? 2 : tiles.count)])
  }

  private var count: Int { region.count { $0 } }
  /// Whether a part of the output was explained.
  private var hasRegion: Bool { region.count > 1 && count < region.count }

  private var meaning: String {
    switch method {
    case .gradCAM: "evidence, in units of the logit"
    case .occlusion: "loss of probability when covered"
    case .deconvolution, .guidedBackpropagation: "size of the gradient"
    }
  }

  /// The picture with a line along the border of the region.
  private func outlined(_ picture: Raster) -> Raster {
    guard hasRegion, region.count == picture.width * picture.height else { return picture }
    var canvas = PictureCanvas(width: picture.width, height: picture.height, background: Self.outline)
    canvas.draw(picture, x: 0, y: 0)
    for y in 0..<picture.height {
      for x in 0..<picture.width where region[y * picture.width + x] {
        let isBorder =
          x > 0 && !region[y * picture.width + x - 1] || y > 0 && !region[(y - 1) * picture.width + x]
          || x + 1 < picture.width && !region[y * picture.width + x + 1]
          || y + 1 < picture.height && !region[(y + 1) * picture.width + x]
        if isBorder { canvas.fill(x: x, y: y, width: 1, height: 1, Self.outline) }
      }
    }
    return canvas.picture
  }

  /// A signed gradient around gray, its largest size at the ends; of one channel in gray.
  private static func colors(_ gradient: Tensor) -> Raster {
    let shape = gradient.shape
    let largest = gradient.withUnsafeElements { $0.reduce(Float(0)) { max($0, abs($1)) } }
    let samples = gradient.withUnsafeElements { elements in
      elements.map { UInt8((127.5 + 127.5 * (largest > 0 ? $0 / largest : 0)).rounded()) }
    }
    let raster = Raster(
      width: shape.width, height: shape.height, channels: shape.channels == 1 ? 1 : 3,
      samples: .eight(samples))
    return raster.rgb8()
  }
}
