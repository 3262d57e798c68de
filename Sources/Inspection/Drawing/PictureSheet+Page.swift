import Foundation
import Images

extension PictureSheet {
  /// The sheet as one HTML page with all pictures inside.
  ///
  /// - Throws: `ImageError` for a picture that cannot be encoded.
  public func html() throws(ImageError) -> String {
    var body = "<h1>\(Markup.escaped(title))</h1>"
    for note in notes { body += "<p>\(Markup.escaped(note))</p>" }
    for section in sections {
      if !section.heading.isEmpty { body += "<h2>\(Markup.escaped(section.heading))</h2>" }
      let columns = section.columns.map { " style=\"grid-template-columns:repeat(\($0),max-content)\"" } ?? ""
      body += "<div class=\"\(section.columns == nil ? "flow" : "grid")\"\(columns)>"
      for tile in section.tiles {
        let caption = Markup.escaped(tile.caption)
        body += "<figure>\(try Markup.image(tile.picture, title: tile.caption))"
        body += caption.isEmpty ? "</figure>" : "<figcaption>\(caption)</figcaption></figure>"
      }
      body += "</div>"
      if !section.keys.isEmpty { body += "<p>" + section.keys.map(Markup.key).joined() + "</p>" }
      if let scale = section.scale {
        let ticks = scale.ticks.map { "<span>\(Markup.escaped($0.text))</span>" }.joined()
        body +=
          "<div class=\"scale\">\(try Markup.image(scale.bar(width: Self.barWidth, height: 14), title: scale.map.name))"
          + "<div class=\"ticks\">\(ticks)</div>\(Markup.escaped(scale.meaning))</div>"
      }
    }
    return Markup.page(title: title, body: body)
  }
}

/// Pieces of pages.
enum Markup {
  private static let style = """
    body{font-family:sans-serif;margin:2em;color:#202020;background:#fff}h1{font-size:20px}h2{font-size:15px;\
    margin:1.2em 0 .4em}p{font-size:13px;color:#555;margin:.2em 0}figure{margin:0}img{image-rendering:pixelated;\
    display:block}figcaption{font-size:12px;color:#555;margin-top:2px}.flow{display:flex;flex-wrap:wrap;gap:8px}\
    .grid{display:grid;gap:8px}.scale{width:384px;font-size:12px;margin-top:8px}.ticks{display:flex;\
    justify-content:space-between}table{border-collapse:collapse;font-size:12px}td,th{padding:2px 8px;\
    text-align:right;border:1px solid #ddd}th{font-weight:normal;background:#f5f5f5}\
    .key{display:inline-block;width:12px;height:12px;margin:0 4px 0 12px;border:1px solid #888}
    """

  static func page(title: String, body: String) -> String {
    "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>\(escaped(title))</title>"
      + "<style>\(style)</style></head><body>\(body)</body></html>\n"
  }

  /// A colour with what it stands for.
  static func key(_ key: PictureSheet.Key) -> String {
    let color = key.color
    return "<span class=\"key\" style=\"background:rgb(\(color.red),\(color.green),\(color.blue))\"></span>"
      + escaped(key.text)
  }

  /// A picture inside the page, at its own size.
  static func image(_ picture: Raster, title: String) throws(ImageError) -> String {
    let data = Data(try PictureWriter.png(picture)).base64EncodedString()
    return "<img width=\"\(picture.width)\" height=\"\(picture.height)\" alt=\"\(escaped(title))\" "
      + "title=\"\(escaped(title))\" src=\"data:image/png;base64,\(data)\">"
  }

  /// A photograph inside the page, at its own size, in less bytes.
  static func photograph(_ picture: Raster, title: String) throws(ImageError) -> String {
    let data = Data(try PictureWriter.jpeg(picture, quality: 85)).base64EncodedString()
    return "<img width=\"\(picture.width)\" height=\"\(picture.height)\" alt=\"\(escaped(title))\" "
      + "title=\"\(escaped(title))\" src=\"data:image/jpeg;base64,\(data)\">"
  }

  /// Text as it stands in a page or an SVG; control characters, which neither may hold, become spaces.
  static func escaped(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { result, scalar in
      switch scalar {
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += "&amp;"
      case "\"": result += "&quot;"
      case _ where scalar.properties.generalCategory == .control: result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
  }
}
