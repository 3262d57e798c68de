import Foundation
import Images

/// A sample of validation with what the network makes of it.
struct PredictionExample {
  /// What messages call the sample.
  let name: String
  /// Pictures side by side, each with a word under it.
  let pictures: [(title: String, picture: Raster)]
}

/// `history.html`: one page, with all it shows inside, on how a training went.
struct HistoryPage {
  let title: String
  /// Facts above the charts, by name.
  let facts: [(name: String, value: String)]
  let classes: [String]
  /// Red, green and blue of each class in the pictures; empty where these have no colours of classes.
  let palette: [[UInt8]]
  let history: [EpochRecord]
  let confusion: ConfusionMatrix?
  let examples: [PredictionExample]

  /// The page's text.
  ///
  /// - Throws: `ImageError` for a picture that cannot be encoded.
  func html() throws(ImageError) -> String {
    var body = "<h1>\(title.escapedForHTML)</h1><table>"
    for fact in facts { body += row(th: fact.name, [fact.value.escapedForHTML]) }
    body += "</table><div class=\"charts\">" + charts.map(\.svg).joined() + "</div>"
    if let confusion { body += matrix(confusion) }
    body += epochs
    if !examples.isEmpty { body += "<h2>Predictions</h2>" + legend }
    for example in examples {
      body += "<div class=\"examples\">"
      for (title, picture) in example.pictures {
        let data = Data(try PictureWriter.png(picture)).base64EncodedString()
        body +=
          "<figure><img alt=\"\(title.escapedForHTML)\" src=\"data:image/png;base64,\(data)\">"
          + "<figcaption>\(title.escapedForHTML)</figcaption></figure>"
      }
      body += "</div><p>\(example.name.escapedForHTML)</p>"
    }
    return
      "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>\(title.escapedForHTML)</title>"
      + "<style>\(Self.style)</style></head><body>\(body)</body></html>\n"
  }

  private static let style = """
    body{font-family:sans-serif;margin:2em;max-width:1200px}table{border-collapse:collapse;font-size:13px}\
    td,th{padding:2px 8px;text-align:right;border:1px solid #ddd}th{font-weight:normal;background:#f5f5f5}\
    .charts{display:flex;flex-wrap:wrap;gap:1em;margin:1em 0}.examples{display:flex;gap:.5em}figure{margin:0}\
    .legend{font-size:13px}.legend span{display:inline-block;width:1em;height:1em;margin:0 .3em 0 1em}\
    img{image-rendering:pixelated;max-width:100%}figcaption{font-size:12px;color:#555}
    """

  private var charts: [LineChart] {
    func line(_ name: String, _ value: (EpochRecord) -> Double) -> LineChart.Line {
      .init(name: name, points: history.map { (Double($0.epoch), value($0)) })
    }
    func chart(_ title: String, _ lines: [LineChart.Line]) -> LineChart {
      LineChart(title: title, lines: lines, isCounting: true)
    }
    var charts = [
      chart("training loss by epoch", [line("loss", \.loss)]),
      chart("score by epoch", [line("score", \.score)]),
      chart("learning rate by epoch", [line("rate") { Double($0.rate) }]),
    ]
    let names = history.last?.measures.map(\.name) ?? []
    if !names.isEmpty {
      let lines = names.enumerated().map { index, name in
        line(name) { index < $0.measures.count ? $0.measures[index].value : .nan }
      }
      charts.insert(chart("by class and measure", lines), at: 2)
    }
    return charts
  }

  /// Shares of each true class in its row, so that classes of few pixels show too.
  private func matrix(_ confusion: ConfusionMatrix) -> String {
    guard classes.count <= 50 else { return "" }
    var text = "<h2>Confusion of the last epoch, % of each true class</h2><table>"
    text += row(th: "true \\ predicted", classes.map(\.escapedForHTML) + ["IoU"])
    for (index, counts) in confusion.rows.enumerated() {
      let sum = max(1, counts.reduce(0, +))
      var cells = counts.map { count in
        let share = Double(count) / Double(sum)
        // Dark letters cannot be read on a dark cell.
        let ink = share > 0.6 ? "white" : "black"
        return
          "<span style=\"background:rgba(0,114,178,\(short(share)));color:\(ink)\">"
          + "\(short((share * 1000).rounded() / 10))</span>"
      }
      cells.append(confusion.iou[index].map { short(($0 * 1000).rounded() / 1000) } ?? "–")
      text += row(th: classes[index], cells)
    }
    return text + "</table>"
  }

  /// The colour of each class.
  private var legend: String {
    guard palette.count == classes.count, !palette.isEmpty, classes.count <= 50 else { return "" }
    let entries = zip(classes, palette).map { name, color in
      "<span style=\"background:rgb(\(color.map(String.init).joined(separator: ",")))\"></span>\(name.escapedForHTML)"
    }
    return "<p class=\"legend\">" + entries.joined() + "</p>"
  }

  private var epochs: String {
    var text = "<h2>Epochs</h2><table>"
    text += row(th: "epoch", ["loss", "rate", "seconds", "score"])
    for record in history {
      text += row(
        th: "\(record.epoch)",
        [short(record.loss), "\(record.rate)", short(record.seconds), short(record.score)])
    }
    return text + "</table>"
  }

  /// A row of a table; the cells are markup.
  private func row(th: String, _ cells: [String]) -> String {
    "<tr><th>\(th.escapedForHTML)</th>" + cells.map { "<td>\($0)</td>" }.joined() + "</tr>"
  }
}
