/// The regions of a mask: pixels of one label that hang together by their sides (4-connectivity, as
/// `scipy.ndimage.label` has it), numbered by their first pixels, row by row.
package struct Components {
  /// The mask.
  package let runs: MaskRuns
  /// The component of each run.
  package let ofRun: [Int32]
  /// The label of each component.
  package private(set) var labels: [UInt8] = []
  /// The pixels of each component.
  package private(set) var areas: [Int] = []
  /// The smallest rectangle around each component.
  package private(set) var boxes: [RegionBox] = []

  /// Joins runs that touch, by a forest of runs whose roots are the first of their components.
  package init(_ runs: MaskRuns) {
    self.runs = runs
    var parents = (0..<Int32(runs.count)).map { $0 }
    func root(_ run: Int) -> Int {
      var run = run
      while Int(parents[run]) != run {
        parents[run] = parents[Int(parents[run])]
        run = Int(parents[run])
      }
      return run
    }
    for y in 0..<runs.height {
      runs.forEachContact(above: y) { upper, lower, _ in
        guard runs.labels[upper] == runs.labels[lower] else { return }
        let (a, b) = (root(upper), root(lower))
        parents[max(a, b)] = Int32(min(a, b))
      }
    }
    // A run's root comes before it, so that it has its number by then.
    var numbers = parents
    for y in 0..<runs.height {
      for run in runs.rows[y]..<runs.rows[y + 1] {
        let (start, end) = (Int(runs.starts[run]), runs.end(of: run, row: y))
        if Int(parents[run]) == run {
          numbers[run] = Int32(labels.count)
          labels.append(runs.labels[run])
          areas.append(end - start)
          boxes.append(RegionBox(x: start, y: y, width: end - start, height: 1))
        } else {
          let number = numbers[root(run)]
          numbers[run] = number
          areas[Int(number)] += end - start
          boxes[Int(number)].add(row: y, columns: start..<end)
        }
      }
    }
    ofRun = numbers
  }

  /// The number of components.
  package var count: Int { labels.count }

  /// Calls `body` for every two components that touch, once for each stretch of border between two runs.
  package func forEachBorder(_ body: (_ one: Int, _ other: Int, _ length: Int) -> Void) {
    for y in 0..<runs.height {
      for run in runs.rows[y]..<runs.rows[y + 1] - 1 { body(Int(ofRun[run]), Int(ofRun[run + 1]), 1) }
      runs.forEachContact(above: y) { upper, lower, columns in
        let (one, other) = (Int(ofRun[upper]), Int(ofRun[lower]))
        if one != other { body(one, other, columns.count) }
      }
    }
  }
}

/// A rectangle of pixels.
public struct RegionBox: Sendable, Equatable {
  /// The leftmost column.
  public private(set) var x: Int
  /// The uppermost row.
  public let y: Int
  /// Columns.
  public private(set) var width: Int
  /// Rows.
  public private(set) var height: Int

  /// Grows to hold pixels of a row that is not above it.
  mutating func add(row: Int, columns: Range<Int>) {
    let right = max(x + width, columns.upperBound)
    x = min(x, columns.lowerBound)
    width = right - x
    height = max(height, row - y + 1)
  }
}
