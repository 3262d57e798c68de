import Foundation

/// Numbers as people read them, without a locale.
enum NumberText {
  /// 1234567 as `1,234,567`.
  static func grouped(_ number: Int) -> String {
    var text = ""
    for (index, digit) in String(number.magnitude).reversed().enumerated() {
      if index > 0 && index % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return (number < 0 ? "-" : "") + String(text.reversed())
  }

  /// Bytes as `512 B`, `1.5 KiB`, `24 MiB`.
  static func bytes(_ count: Int) -> String {
    var (value, unit) = (Double(count), "B")
    for next in ["KiB", "MiB", "GiB", "TiB"] where value >= 1024 {
      (value, unit) = (value / 1024, next)
    }
    return "\(short(value)) \(unit)"
  }

  /// Three digits that count, `0.0123`, `1.5`, `3.2e-07`; whole numbers below a million as they are.
  static func short(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value > 0 ? "∞" : "-∞" }
    if value == value.rounded(), abs(value) < 1e6 { return String(Int(value)) }
    let digits = abs(value)
    guard digits >= 1e-3, digits < 1e6 else { return String(format: "%.2e", value) }
    let decimals =
      digits >= 100 ? 0 : digits >= 10 ? 1 : digits >= 1 ? 2 : digits >= 0.1 ? 3 : digits >= 0.01 ? 4 : 5
    let text = String(format: "%.\(decimals)f", value)
    guard text.contains(".") else { return text }
    let trimmed = text.reversed().drop { $0 == "0" }
    return String((trimmed.first == "." ? trimmed.dropFirst() : trimmed).reversed())
  }
}
