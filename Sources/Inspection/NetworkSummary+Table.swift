extension NetworkSummary {
  /// A table for people: a line for each layer, then the totals.
  public var table: String {
    let table = TextTable(
      head: ["layer", "operator", "output", "parameters", "MACs"], leading: 3,
      rows: layers.map {
        [
          $0.name, $0.operator, $0.output.map(String.init).joined(separator: "×"),
          Self.grouped($0.parameters), Self.grouped($0.macs),
        ]
      })
    return (table.lines + [table.rule, totals]).joined(separator: "\n")
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
