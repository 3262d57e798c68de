extension NetworkSummary {
  /// A table for people: a line for each layer, then the totals.
  public var table: String {
    let table = TextTable(
      head: [
        "layer", "operator", "output", "parameters", "untrained", "MACs", "field", "stride", "memory",
      ], leading: 3,
      rows: layers.map {
        [
          $0.name, $0.operator, $0.output.map(String.init).joined(separator: "×"),
          NumberText.grouped($0.parameters), NumberText.grouped($0.untrained), NumberText.grouped($0.macs),
          Self.pair($0.receptiveField?.map(String.init)), Self.pair($0.stride?.map(Self.stride)),
          NumberText.bytes($0.bytes),
        ]
      })
    return (table.lines + [table.rule] + totals).joined(separator: "\n")
  }

  private var totals: [String] {
    [
      "\(model): \(NumberText.grouped(parameters)) parameters, \(NumberText.grouped(macs)) multiply-accumulates, "
        + "receptive field \(receptiveField) × \(receptiveField) pixels"
        + (untrained > 0 ? "; \(NumberText.grouped(untrained)) running statistics are not trained" : ""),
      "training   " + Self.text(training),
      "inference  " + Self.text(inference),
    ]
  }

  private static func text(_ total: Total) -> String {
    let gradients = total.gradientBytes > 0 ? ", gradients \(NumberText.bytes(total.gradientBytes))" : ""
    return
      "\(NumberText.grouped(total.parameters)) parameters, \(NumberText.grouped(total.macs)) MACs, activations "
      + "\(NumberText.bytes(total.activationBytes)), parameters \(NumberText.bytes(total.parameterBytes))\(gradients)"
  }

  /// One number where both are the same.
  private static func pair(_ texts: [String]?) -> String {
    guard let texts else { return "" }
    return Set(texts).count == 1 ? texts[0] : texts.joined(separator: "×")
  }

  /// `4`, or `1/2` behind an upsampling.
  private static func stride(_ value: Double) -> String {
    if value > 0, value < 1, (1 / value).rounded() == 1 / value { return "1/\(Int(1 / value))" }
    return NumberText.short(value)
  }
}
