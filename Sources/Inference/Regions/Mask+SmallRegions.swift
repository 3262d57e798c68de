import Images

extension Mask {
  /// Gives every region of fewer than `area` pixels the class of what surrounds it.
  ///
  /// That is the class of the longest border, of equal ones the first; borders with other small regions do not count.
  /// A region among small ones alone waits until those around it have found their class. A mask that has no region of
  /// `area` pixels stays as it is.
  package mutating func mergeRegions(smallerThan area: Int) {
    guard area > 1 else { return }
    let components = Components(MaskRuns(self))
    guard var merger = RegionMerger(components, smallerThan: area) else { return }
    let found = merger.labels()
    let runs = components.runs
    labels.withUnsafeMutableBufferPointer { pixels in
      for y in 0..<height {
        for run in runs.rows[y]..<runs.rows[y + 1] {
          let label = found[Int(components.ofRun[run])]
          guard label != runs.labels[run] else { continue }
          let row = y * width
          pixels[row + Int(runs.starts[run])..<row + runs.end(of: run, row: y)].update(repeating: label)
        }
      }
    }
  }
}

/// Finds the labels that small components take, from the large ones inwards.
private struct RegionMerger {
  private let components: Components
  /// The components around each small one and the pixels of border, all small ones in a row.
  private var neighbors: [(component: Int32, length: Int32)] = []
  /// Where the neighbours of each component begin, then their number.
  private var firsts: [Int]
  /// The label of each component; `nil` while it is not found.
  private var found: [UInt8?]

  /// `nil` when no component is small, or all are.
  init?(_ components: Components, smallerThan area: Int) {
    self.components = components
    found = zip(components.labels, components.areas).map { $1 < area ? nil : $0 }
    guard found.contains(where: { $0 == nil }), found.contains(where: { $0 != nil }) else { return nil }
    let found = found
    var counts = [Int](repeating: 0, count: components.count + 1)
    components.forEachBorder { one, other, _ in
      if found[one] == nil { counts[one + 1] += 1 }
      if found[other] == nil { counts[other + 1] += 1 }
    }
    for index in 1..<counts.count { counts[index] += counts[index - 1] }
    firsts = counts
    var neighbors = [(component: Int32, length: Int32)](repeating: (0, 0), count: counts.last ?? 0)
    components.forEachBorder { one, other, length in
      for (small, next) in [(one, other), (other, one)] where found[small] == nil {
        neighbors[counts[small]] = (Int32(next), Int32(length))
        counts[small] += 1
      }
    }
    self.neighbors = neighbors
  }

  /// The label of every component.
  mutating func labels() -> [UInt8] {
    var next = found.indices.filter { index in
      found[index] == nil && around(index).contains { found[Int($0.component)] != nil }
    }
    while !next.isEmpty {
      // All of a round look at the labels of the round before.
      let votes = next.map { vote($0) }
      for (index, label) in zip(next, votes) { found[index] = label }
      var done = next
      // A region beside one that took its label is part of a large one from now on.
      for index in next {
        for neighbor in around(index) where found[Int(neighbor.component)] == nil {
          let other = Int(neighbor.component)
          guard components.labels[other] == found[index] else { continue }
          found[other] = components.labels[other]
          done.append(other)
        }
      }
      var reached: Set<Int> = []
      for index in done {
        for neighbor in around(index) where found[Int(neighbor.component)] == nil {
          reached.insert(Int(neighbor.component))
        }
      }
      next = reached.sorted()
    }
    return zip(found, components.labels).map { $0 ?? $1 }
  }

  private func around(_ component: Int) -> ArraySlice<(component: Int32, length: Int32)> {
    neighbors[firsts[component]..<firsts[component + 1]]
  }

  /// The label of the longest border with components whose label is found.
  private func vote(_ component: Int) -> UInt8? {
    var lengths: [UInt8: Int] = [:]
    for neighbor in around(component) {
      if let label = found[Int(neighbor.component)] { lengths[label, default: 0] += Int(neighbor.length) }
    }
    return lengths.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key
  }
}
