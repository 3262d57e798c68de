/// Rows of pixels that a block of tiles reads, to be asked for piece by piece before it does.
struct WinogradRows {
  /// The first element of the first row.
  let first: UnsafePointer<Float>
  /// How many there are, at least one.
  let count: Int
  /// Elements from a row to the next.
  let step: Int
  /// Elements of a row.
  let elements: Int

  /// One of `parts` of about equal size, each of one row; `nil` where there are more parts than it takes.
  func part(_ index: Int, of parts: Int) -> UnsafeBufferPointer<Float>? {
    let ofRow = max(1, parts / count)
    guard index < ofRow * count else { return nil }
    let (row, place) = (index / ofRow, index % ofRow)
    let range = place * elements / ofRow..<(place + 1) * elements / ofRow
    return UnsafeBufferPointer(start: first + row * step + range.lowerBound, count: range.count)
  }
}
