/// A chart of lines as SVG text, which stands by itself or inside a page.
struct LineChart {
  /// A line.
  struct Line {
    let name: String
    /// Places along both axes; points that are not finite break the line.
    let points: [(x: Double, y: Double)]
  }

  /// What stands above the chart.
  let title: String
  let lines: [Line]
  /// Whether the horizontal axis counts powers of ten.
  var isLogarithmic = false
  /// Whether the horizontal axis counts whole things, such as epochs.
  var isCounting = false
  /// A place on the horizontal axis that is marked.
  var mark: Double?

  private static let (width, height) = (560.0, 300.0)
  private static let frame = (left: 60.0, right: 10.0, top: 30.0, bottom: 40.0)
  /// Between two rows of names.
  private static let rowHeight = 14.0
  /// Colours that people with any vision tell apart (Okabe and Ito 2008), in turn.
  static let colors = [
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#999999",
  ]

  /// An `svg` element.
  var svg: String {
    func across(_ x: Double) -> Double { isLogarithmic ? Logarithm.base10(x) : x }
    let points = lines.flatMap(\.points).filter { across($0.x).isFinite && $0.y.isFinite }
    let x = ChartAxis(points.map { across($0.x) }, isCounting: isCounting)
    let y = ChartAxis(points.map(\.y))
    let names = legend
    let (inner, frame) = (Self.width - Self.frame.left - Self.frame.right, Self.frame)
    let tall = Self.height - frame.top - frame.bottom
    func place(_ point: (x: Double, y: Double)) -> String {
      "\(short(frame.left + x.share(across(point.x)) * inner)),\(short(frame.top + (1 - y.share(point.y)) * tall))"
    }
    var svg =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(short(Self.width)) "
      + "\(short(Self.height + names.height))\" "
      + "width=\"\(short(Self.width))\" font-family=\"sans-serif\" font-size=\"11\">"
      + "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>"
      + "<text x=\"\(short(frame.left))\" y=\"18\" font-size=\"13\">\(title.escapedForHTML)</text>"
    for tick in y.ticks {
      let level = short(frame.top + (1 - y.share(tick)) * tall)
      svg +=
        "<path d=\"M\(short(frame.left)) \(level)h\(short(inner))\" stroke=\"#ddd\"/>"
        + "<text x=\"\(short(frame.left - 5))\" y=\"\(level)\" text-anchor=\"end\" "
        + "dominant-baseline=\"middle\">\(short(tick))</text>"
    }
    for tick in x.ticks {
      let place = short(frame.left + x.share(tick) * inner)
      let text = isLogarithmic ? "1e\(short(tick))" : short(tick)
      svg += "<text x=\"\(place)\" y=\"\(short(Self.height - 22))\" text-anchor=\"middle\">\(text)</text>"
    }
    if let mark, across(mark).isFinite {
      let place = short(frame.left + x.share(across(mark)) * inner)
      svg +=
        "<path d=\"M\(place) \(short(frame.top))v\(short(tall))\" stroke=\"#d55e00\" stroke-dasharray=\"4\"/>"
    }
    for (index, line) in lines.enumerated() {
      let stroke = Self.stroke(index)
      for run in line.points.split(whereSeparator: { !across($0.x).isFinite || !$0.y.isFinite }) {
        let dots = run.map(place).joined(separator: " ")
        svg +=
          run.count == 1
          ? "<circle r=\"2\" fill=\"\(Self.color(index))\" transform=\"translate(\(dots))\"/>"
          : "<polyline fill=\"none\" \(stroke) points=\"\(dots)\"/>"
      }
    }
    return svg + names.svg + "</svg>"
  }

  /// The names of the lines, each behind a piece of its line, in rows; and by how much they make the chart higher.
  private var legend: (svg: String, height: Double) {
    var (svg, left, row) = ("", Self.frame.left, 0.0)
    for (index, line) in lines.enumerated() {
      let width = 18 + 7 * Double(line.name.count) + 12
      if left > Self.frame.left, left + width > Self.width {
        (left, row) = (Self.frame.left, row + 1)
      }
      let level = Self.height - 6 + row * Self.rowHeight
      svg +=
        "<path d=\"M\(short(left)) \(short(level - 4))h14\" \(Self.stroke(index))/>"
        + "<text x=\"\(short(left + 18))\" y=\"\(short(level))\">\(line.name.escapedForHTML)</text>"
      left += width
    }
    return (svg, row * Self.rowHeight)
  }

  private static func color(_ index: Int) -> String { colors[index % colors.count] }

  /// How a line is drawn: dashed from where colours come again.
  private static func stroke(_ index: Int) -> String {
    let dashes = index < colors.count ? "" : " stroke-dasharray=\"\(index / colors.count * 4) 3\""
    return "stroke=\"\(color(index))\" stroke-width=\"1.5\"\(dashes)"
  }
}

/// One axis of a chart: its range, and where numbers stand.
struct ChartAxis {
  private let lower: Double
  private let upper: Double
  /// Between whole numbers there is nothing to say.
  private let isCounting: Bool

  /// An axis that holds finite values; 0…1 without any.
  init(_ values: [Double], isCounting: Bool = false) {
    self.isCounting = isCounting
    let (low, high) = (values.min() ?? 0, values.max() ?? 1)
    // A line that stays the same runs through the middle.
    let room = low == 0 ? 0.5 : abs(low) / 2
    (lower, upper) = low < high ? (low, high) : (low - room, high + room)
  }

  /// Where a value stands, 0 at the start and 1 at the end.
  func share(_ value: Double) -> Double { (value - lower) / (upper - lower) }

  /// Round numbers, some four to nine of them.
  var ticks: [Double] {
    let span = upper - lower
    guard span.isFinite, span > 0 else { return [] }
    var step = 1.0
    while step * 5 > span && step > 1e-12 { step /= 10 }
    while step * 10 < span && step < 1e300 { step *= 10 }
    if step * 4 > span { step /= 2 }
    if step * 4 > span { step /= 2.5 }
    if isCounting { step = max(1, step.rounded()) }
    let first = (lower / step).rounded(.up)
    return (0..<20).map { (first + Double($0)) * step }.filter { $0 <= upper + 1e-9 * span }
  }
}

/// A number with few digits, for people.
func short(_ value: Double) -> String {
  guard value.isFinite, abs(value) < 1e9 else { return "\(value)" }
  let scale = abs(value) < 0.1 ? 1e6 : abs(value) < 10 ? 1e3 : 1e2
  let rounded = (value * scale).rounded() / scale
  return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
}

extension String {
  /// This text as it stands in a page or a picture.
  var escapedForHTML: String {
    reduce(into: "") { text, character in
      switch character {
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "&": text += "&amp;"
      case "\"": text += "&quot;"
      default: text.append(character)
      }
    }
  }
}
