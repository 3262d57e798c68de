extension NetworkDrawing {
  static let margin = 16
  /// The advance of a letter of 12 pixels.
  static let letter = 7.3
  private static let (top, gap, indent, lane, slot) = (84, 8, 22, 9, 9)
  private static let (least, narrowest) = (26, 640)

  /// Where a box stands, in pixels.
  struct Box: Equatable {
    let x: Int
    let y: Int
    let width: Int
    let height: Int
  }

  /// A line from the border of a box to that of another.
  struct Line {
    let link: Link
    let edge: Edge
    let start: (x: Int, y: Int)
    let end: (x: Int, y: Int)
    /// Where it runs down beside the boxes; `nil` for one straight from box to box.
    let lane: Int?
  }

  /// Where everything stands.
  struct Layout {
    let width: Int
    let height: Int
    let boxes: [Box]
    let lines: [Line]
  }

  /// Boxes from the top to the bottom, as high as the lines that end at a side need; lines beside them in lanes.
  var layout: Layout {
    let beside = edges.filter { !$0.isStraight }
    let right = Self.lanes(beside.filter { $0.link != .indices })
    let left = Self.lanes(beside.filter { $0.link == .indices })
    let ends = [Self.ends(right, boxes: blocks.count), Self.ends(left, boxes: blocks.count)]
    let start = Self.margin + (left.isEmpty ? 0 : left.count * Self.lane + 12)
    var boxes: [Box] = []
    var y = Self.top
    for index in blocks.indices {
      let height = max(Self.least, ends.map { $0[index].count }.max().map { $0 * Self.slot + 8 } ?? 0)
      boxes.append(
        Box(
          x: start + levels[index] * Self.indent, y: y,
          width: Int(Double(text(index).count) * Self.letter) + 16, height: height))
      y += height + Self.gap
    }
    let edge = (boxes.map { $0.x + $0.width }.max() ?? 0) + 16
    var lines: [Line] = []
    for (side, lanes) in [right, left].enumerated() {
      for (number, edges) in lanes.enumerated() {
        for one in edges {
          func end(_ box: Int, leaves: Bool) -> (x: Int, y: Int) {
            let place = ends[side][box].firstIndex { $0.edge == one && $0.leaves == leaves } ?? 0
            let slots = ends[side][box].count
            return (
              side == 0 ? boxes[box].x + boxes[box].width : boxes[box].x,
              boxes[box].y + boxes[box].height * (2 * place + 1) / (2 * max(1, slots))
            )
          }
          lines.append(
            Line(
              link: one.link, edge: one, start: end(one.from, leaves: true), end: end(one.to, leaves: false),
              lane: side == 0 ? edge + number * Self.lane : start - 12 - number * Self.lane))
        }
      }
    }
    for one in edges where one.isStraight {
      let (from, to) = (boxes[one.from], boxes[one.to])
      lines.append(
        Line(
          link: one.link, edge: one, start: (from.x + 14, from.y + from.height), end: (to.x + 14, to.y),
          lane: nil))
    }
    return Layout(
      width: max(edge + right.count * Self.lane + Self.margin, Self.narrowest), height: y + Self.margin,
      boxes: boxes, lines: lines)
  }

  /// The ends of lines at one side of each box from the top to the bottom, so that none crosses another beside it: those
  /// that enter, which come from above, the nearest lane first; those that leave the other way round.
  private static func ends(_ lanes: [[Edge]], boxes: Int) -> [[(edge: Edge, leaves: Bool)]] {
    var ends = [[(edge: Edge, leaves: Bool)]](repeating: [], count: boxes)
    for edge in lanes.joined() { ends[edge.to].append((edge, false)) }
    for lane in lanes.reversed() {
      for edge in lane { ends[edge.from].append((edge, true)) }
    }
    return ends
  }

  /// Lines side by side where they run along the same boxes, the shortest next to them.
  private static func lanes(_ edges: [Edge]) -> [[Edge]] {
    var lanes: [[Edge]] = []
    for edge in edges.sorted(by: { ($0.to - $0.from, $0.from) < ($1.to - $1.from, $1.from) }) {
      let free = lanes.firstIndex { lane in lane.allSatisfy { $0.to < edge.from || $0.from > edge.to } }
      if let free { lanes[free].append(edge) } else { lanes.append([edge]) }
    }
    return lanes
  }
}
