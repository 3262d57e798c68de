/// Names that someone might have meant.
enum NearNames {
  /// The nearest of `names` to `text`, at most `count`: those that hold it first, then by the letters that differ.
  static func of(_ text: String, in names: [String], count: Int = 4) -> [String] {
    let text = text.lowercased()
    let ranked = names.enumerated().map { index, name in
      let lowered = name.lowercased()
      let distance =
        lowered.contains(text) && !text.isEmpty ? 0 : distance(Array(text.utf8), Array(lowered.utf8))
      return (distance, index, name)
    }
    return ranked.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.prefix(count).map(\.2)
  }

  /// Letters to put in, take out or exchange (Levenshtein 1966).
  private static func distance(_ first: [UInt8], _ second: [UInt8]) -> Int {
    // A name that nobody types is as far away as it is long.
    guard first.count <= 256 else { return first.count }
    var row = Array(0...second.count)
    for (index, letter) in first.enumerated() {
      var corner = row[0]
      row[0] = index + 1
      for (column, other) in second.enumerated() {
        let change = corner + (letter == other ? 0 : 1)
        corner = row[column + 1]
        row[column + 1] = min(change, corner + 1, row[column] + 1)
      }
    }
    return row[second.count]
  }
}
