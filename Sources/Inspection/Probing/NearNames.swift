/// Names that someone might have meant.
package enum NearNames {
  /// The one of `names` with the fewest letters to change to `text`, at most so many; the first of several.
  package static func nearest(to text: String, in names: [String], within letters: Int) -> String? {
    let text = Array(text.lowercased().utf8)
    let distances = names.map { (distance: distance(text, Array($0.lowercased().utf8)), name: $0) }
    let best = distances.min { $0.distance < $1.distance }
    return best.flatMap { $0.distance <= letters ? $0.name : nil }
  }

  /// The nearest of `names` to `text`, at most `count`: those that hold it first, then those that begin with the same
  /// parts between dots, then by the letters that differ.
  static func of(_ text: String, in names: [String], count: Int = 4) -> [String] {
    let text = text.lowercased()
    let parts = text.split(separator: ".")
    let ranked = names.enumerated().map { index, name in
      let lowered = name.lowercased()
      let holds = !text.isEmpty && lowered.contains(text)
      let common = zip(parts, lowered.split(separator: ".")).prefix { $0 == $1 }.count
      return (
        holds ? 0 : 1, holds ? 0 : -common, holds ? 0 : distance(Array(text.utf8), Array(lowered.utf8)),
        index, name
      )
    }
    return ranked.sorted { ($0.0, $0.1, $0.2, $0.3) < ($1.0, $1.1, $1.2, $1.3) }.prefix(count).map(\.4)
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
