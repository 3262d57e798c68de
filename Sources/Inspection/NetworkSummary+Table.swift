extension NetworkSummary {
  /// A table for people: a line for each layer, then the totals.
  public var table: String {
    let rows =
      [["layer", "operator", "output", "parameters", "MACs"]]
      + layers.map {
        [
          $0.name, $0.operator, $0.output.map(String.init).joined(separator: "×"),
          Self.grouped($0.parameters), Self.grouped($0.macs),
        ]
      }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    let lines = rows.map { row in
      row.enumerated().map { column, text in
        let gap = String(repeating: " ", count: widths[column] - text.count)
        return column < 3 ? text + gap : gap + text
      }.joined(separator: "  ")
    }
    let rule = String(repeating: "─", count: widths.reduce(0, +) + 2 * (widths.count - 1))
    return ([lines[0], rule] + lines.dropFirst() + [rule, totals]).joined(separator: "\n")
  }

  private var totals: String {
    "\(model): \(Self.grouped(parameters)) parameters, \(Self.grouped(macs)) multiply-accumulates, receptive field "
      + "\(receptiveField) × \(receptiveField) pixels"
  }

  /// 1234567 as `1,234,567`.
  private static func grouped(_ number: Int) -> String {
    var text = ""
    for (index, digit) in String(number).reversed().enumerated() {
      if index > 0 && index % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return String(text.reversed())
  }
}
