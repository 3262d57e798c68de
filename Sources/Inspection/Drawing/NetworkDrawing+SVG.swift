extension NetworkDrawing {
  private static let (row, box, indent, lane, margin) = (34, 26, 22, 9, 16)
  /// The advance of a letter of 12 pixels.
  private static let letter = 7.3
  private static let top = 84

  /// An `svg` element that stands by itself.
  public var svg: String {
    let skips = Self.lanes(edges.filter { $0.link == .skip || $0.link == .shape })
    let indices = Self.lanes(edges.filter { $0.link == .indices })
    let left = Self.margin + (indices.count > 0 ? indices.count * Self.lane + 12 : 0)
    let boxes = blocks.indices.map { index in
      (x: left + levels[index] * Self.indent, width: Int(Double(text(index).count) * Self.letter) + 16)
    }
    let right = (boxes.map { $0.x + $0.width }.max() ?? 0) + 16
    let width = max(right + skips.count * Self.lane + Self.margin, 640)
    let height = Self.top + blocks.count * Self.row + Self.margin
    func middle(_ index: Int) -> Int { Self.top + index * Self.row + Self.box / 2 }
    var svg =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width) \(height)\" width=\"\(width)\" "
      + "height=\"\(height)\" font-family=\"ui-monospace,monospace\" font-size=\"12\">"
      + "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>" + Self.markers
      + "<text x=\"\(Self.margin)\" y=\"24\" font-size=\"15\">\(Markup.escaped(title))</text>" + legend
    for (lanes, isRight) in [(skips, true), (indices, false)] {
      for (number, edges) in lanes.enumerated() {
        let x = isRight ? right + number * Self.lane : left - 12 - number * Self.lane
        for edge in edges {
          func end(_ index: Int) -> Int { isRight ? boxes[index].x + boxes[index].width : boxes[index].x }
          // Lines leave a box below its middle and enter another above it, so that both can be told apart.
          svg +=
            "<path d=\"M\(end(edge.from)) \(middle(edge.from) + 5)H\(x)V\(middle(edge.to) - 5)H\(end(edge.to))\" "
            + "fill=\"none\" \(edge.link.style) marker-end=\"url(#\(Self.marker(edge.link)))\"/>"
        }
      }
    }
    for edge in edges where edge.link == .next {
      let (from, to) = (boxes[edge.from].x + 14, boxes[edge.to].x + 14)
      svg +=
        "<path d=\"M\(from) \(middle(edge.from) + Self.box / 2)L\(to) \(middle(edge.to) - Self.box / 2)\" fill=\"none\" "
        + "\(edge.link.style) marker-end=\"url(#\(Self.marker(.next)))\"/>"
    }
    for index in blocks.indices {
      svg +=
        "<rect x=\"\(boxes[index].x)\" y=\"\(middle(index) - Self.box / 2)\" width=\"\(boxes[index].width)\" "
        + "height=\"\(Self.box)\" rx=\"4\" fill=\"\(blocks[index].kind.rawValue)\" stroke=\"#888\"/>"
        + "<text x=\"\(boxes[index].x + 8)\" y=\"\(middle(index) + 4)\" textLength=\"\(boxes[index].width - 16)\">"
        + "\(Markup.escaped(text(index)))</text>"
    }
    return svg + "</svg>\n"
  }

  /// What a box says: the layer's name, its operators, and the shape of what it gives.
  private func text(_ index: Int) -> String {
    let shape = shapes[index]
    return "\(blocks[index].title)  \(blocks[index].details.joined(separator: ", "))  → "
      + "\(shape.height)×\(shape.width)×\(shape.channels)"
  }

  private var legend: String {
    var (text, x) = ("", Self.margin)
    for link in Link.allCases where edges.contains(where: { $0.link == link }) {
      text +=
        "<path d=\"M\(x) 44h28\" \(link.style) marker-end=\"url(#\(Self.marker(link)))\"/>"
        + "<text x=\"\(x + 34)\" y=\"48\">\(link.name)</text>"
      x += 34 + Int(Double(link.name.count) * Self.letter) + 20
    }
    x = Self.margin
    for kind in Kind.allCases where blocks.contains(where: { $0.kind == kind }) {
      text +=
        "<rect x=\"\(x)\" y=\"58\" width=\"14\" height=\"14\" rx=\"2\" fill=\"\(kind.rawValue)\" stroke=\"#888\"/>"
        + "<text x=\"\(x + 20)\" y=\"70\">\(kind.name)</text>"
      x += 20 + Int(Double(kind.name.count) * Self.letter) + 18
    }
    return text
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

  private static func marker(_ link: Link) -> String {
    switch link {
    case .next: "next"
    case .skip: "skip"
    case .indices: "indices"
    case .shape: "shape"
    }
  }

  private static let markers =
    "<defs>"
    + [(Link.next, "#444"), (.skip, "#0072b2"), (.indices, "#d55e00"), (.shape, "#999")].map { link, color in
      "<marker id=\"\(marker(link))\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"6\" markerHeight=\"6\" "
        + "orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" fill=\"\(color)\"/></marker>"
    }.joined() + "</defs>"
}
