/// Rows of text in columns, under a head.
struct TextTable {
  /// The head.
  let head: [String]
  /// Columns from the left that are flush left; the others, which hold numbers, are flush right.
  let leading: Int
  /// The rows, each with a text for each column.
  let rows: [[String]]

  /// The lines: head, a rule, and the rows.
  var lines: [String] {
    let all = [head] + rows
    let widths = head.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    let lines = all.map { row in
      row.enumerated().map { column, text in
        let gap = String(repeating: " ", count: widths[column] - text.count)
        return column < leading ? text + gap : gap + text
      }.joined(separator: "  ")
    }
    let rule = String(repeating: "─", count: widths.reduce(0, +) + 2 * (widths.count - 1))
    return [lines[0], rule] + lines.dropFirst()
  }

  /// The rule under the head.
  var rule: String { lines[1] }
}
