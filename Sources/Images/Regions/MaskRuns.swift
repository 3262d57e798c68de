/// A mask as runs of equal labels along its rows, which together cover every pixel.
///
/// What is done with regions is done run by run: a mask of millions of pixels has thousands of runs.
package struct MaskRuns {
  /// Columns.
  package let width: Int
  /// Rows.
  package let height: Int
  /// The first run of each row, then the number of runs.
  package private(set) var rows: [Int] = [0]
  /// The column at which each run starts; it ends where the next one of its row starts.
  package private(set) var starts: [Int32] = []
  /// The label of each run.
  package private(set) var labels: [UInt8] = []

  /// The runs of a mask.
  package init(_ mask: Mask) {
    (width, height) = (mask.width, mask.height)
    rows.reserveCapacity(height + 1)
    mask.labels.withUnsafeBufferPointer { pixels in
      for y in 0..<height {
        let row = UnsafeBufferPointer(rebasing: pixels[y * width..<(y + 1) * width])
        var x = 0
        while x < width {
          let label = row[x]
          starts.append(Int32(x))
          labels.append(label)
          repeat { x += 1 } while x < width && row[x] == label
        }
        rows.append(starts.count)
      }
    }
  }

  /// The number of runs.
  package var count: Int { starts.count }

  /// The column after a run of row `y`.
  package func end(of run: Int, row y: Int) -> Int { run + 1 < rows[y + 1] ? Int(starts[run + 1]) : width }

  /// Calls `body` for every two runs that lie above each other in rows `y - 1` and `y`, with the columns that they
  /// share, from the left.
  package func forEachContact(
    above y: Int, _ body: (_ upper: Int, _ lower: Int, _ columns: Range<Int>) -> Void
  ) {
    guard y > 0 else { return }
    var (upper, lower, x) = (rows[y - 1], rows[y], 0)
    while x < width {
      let (upperEnd, lowerEnd) = (end(of: upper, row: y - 1), end(of: lower, row: y))
      let next = min(upperEnd, lowerEnd)
      body(upper, lower, x..<next)
      if upperEnd == next { upper += 1 }
      if lowerEnd == next { lower += 1 }
      x = next
    }
  }
}
