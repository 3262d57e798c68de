extension NetworkDrawing {
  /// An `svg` element that stands by itself.
  public var svg: String {
    let plan = layout
    var svg =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(plan.width) \(plan.height)\" width=\"\(plan.width)\" "
      + "height=\"\(plan.height)\" font-family=\"ui-monospace,monospace\" font-size=\"12\">"
      + "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>" + Self.markers
      + "<text x=\"\(Self.margin)\" y=\"24\" font-size=\"15\">\(Markup.escaped(title))</text>" + legend
    for line in plan.lines {
      let path =
        line.lane.map { "M\(line.start.x) \(line.start.y)H\($0)V\(line.end.y)H\(line.end.x)" }
        ?? "M\(line.start.x) \(line.start.y)L\(line.end.x) \(line.end.y)"
      svg +=
        "<path d=\"\(path)\" fill=\"none\" \(line.link.style) marker-end=\"url(#\(Self.marker(line.link)))\"/>"
    }
    for (index, box) in plan.boxes.enumerated() {
      svg +=
        "<rect x=\"\(box.x)\" y=\"\(box.y)\" width=\"\(box.width)\" height=\"\(box.height)\" rx=\"4\" "
        + "fill=\"\(blocks[index].kind.rawValue)\" stroke=\"#888\"/>"
        + "<text x=\"\(box.x + 8)\" y=\"\(box.y + box.height / 2 + 4)\" textLength=\"\(box.width - 16)\">"
        + "\(Markup.escaped(text(index)))</text>"
    }
    return svg + "</svg>\n"
  }

  /// What a box says: the layer's name, its operators, and the shape of what it gives.
  func text(_ index: Int) -> String {
    let shape = shapes[index]
    let parts = [blocks[index].title, blocks[index].details.joined(separator: ", ")].filter { !$0.isEmpty }
    return parts.joined(separator: "  ") + "  → \(shape.height)×\(shape.width)×\(shape.channels)"
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
