extension NetworkDrawing {
  /// The lines with those of skip connections marked.
  ///
  /// Where lines meet, that over the most layers with weights is the main path. Another is a skip if it comes out of the
  /// main path: by itself, as in a U-Net, or to be summed, as the shortcut of a residual block with the layers on it.
  /// Branches side by side that are joined are none.
  static func markingSkips(_ edges: [Edge], isSum: [Bool], isWeighted: [Bool]) -> [Edge] {
    var edges = edges
    let incoming = edges.indices.filter { edges[$0].link == .next }.reduce(
      into: [[Int]](repeating: [], count: isSum.count)
    ) { $0[edges[$1].to].append($1) }
    var depths = [Int](repeating: 0, count: isSum.count)
    for block in depths.indices {
      depths[block] =
        (incoming[block].map { depths[edges[$0].from] }.max() ?? 0) + (isWeighted[block] ? 1 : 0)
    }
    for block in depths.indices where incoming[block].count > 1 {
      guard let main = incoming[block].max(by: { depths[edges[$0].from] < depths[edges[$1].from] }) else {
        continue
      }
      let path = ancestors(of: edges[main].from, edges, incoming)
      for line in incoming[block] where line != main {
        guard isSum[block] || path[edges[line].from] else { continue }
        // The line, and those that lead to it from the main path on.
        var open = [line]
        while let next = open.popLast() {
          edges[next].link = .skip
          if !path[edges[next].from] { open += incoming[edges[next].from] }
        }
      }
    }
    return edges
  }

  /// Whether each box leads to one; that itself does.
  private static func ancestors(of block: Int, _ edges: [Edge], _ incoming: [[Int]]) -> [Bool] {
    var leads = [Bool](repeating: false, count: incoming.count)
    leads[block] = true
    for place in incoming.indices.reversed() where leads[place] {
      for line in incoming[place] { leads[edges[line].from] = true }
    }
    return leads
  }
}
