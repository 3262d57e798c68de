import Images

/// A corner of pixels: (0, 0) is the upper left corner of the picture, (width, height) the lower right one.
public struct RegionCorner: Sendable, Equatable {
  /// Columns to its left.
  public let x: Int
  /// Rows above it.
  public let y: Int
}

/// Walks along the sides of pixels around regions, with the region on the right hand.
///
/// Where two pixels of a region touch by a corner alone, the walk turns right and stays with the pixel that it is at:
/// regions hang together by sides. Rings therefore touch themselves or each other in corners at most, and a walk needs
/// to know no more than labels.
struct RingTracer {
  private let mask: Mask
  /// Whether the upper side of a pixel has been walked along; a bit for each.
  private var walked: [UInt64]

  init(_ mask: Mask) {
    self.mask = mask
    walked = [UInt64](repeating: 0, count: (mask.labels.count + 63) / 64)
  }

  /// The rings of every component: its outer border clockwise, then its holes counter-clockwise. Corners lie at turns
  /// only, the first is not repeated, and the area that a ring encloses is that of its pixels.
  static func rings(of mask: Mask, _ components: Components) -> [[[RegionCorner]]] {
    var tracer = RingTracer(mask)
    var rings = [[[RegionCorner]]](repeating: [], count: components.count)
    let runs = components.runs
    // Every ring has a side above a pixel of its region, and the first one met is of the outer border.
    func trace(_ run: Int, _ y: Int, _ columns: Range<Int>) {
      for x in columns where !tracer.isWalked(x, y) {
        rings[Int(components.ofRun[run])].append(tracer.ring(x, y))
      }
    }
    for y in 0..<runs.height {
      if y == 0 {
        for run in 0..<runs.rows[1] { trace(run, 0, Int(runs.starts[run])..<runs.end(of: run, row: 0)) }
      }
      runs.forEachContact(above: y) { upper, lower, columns in
        if runs.labels[upper] != runs.labels[lower] { trace(lower, y, columns) }
      }
    }
    return rings
  }

  private func isWalked(_ x: Int, _ y: Int) -> Bool {
    let place = y * mask.width + x
    return walked[place >> 6] >> UInt64(place & 63) & 1 == 1
  }

  /// The ring that goes to the right above the pixel (`x`, `y`).
  private mutating func ring(_ x: Int, _ y: Int) -> [RegionCorner] {
    let label = mask[x, y]
    var corners = [RegionCorner(x: x, y: y)]
    var (place, heading) = (RegionCorner(x: x, y: y), Heading.right)
    while true {
      if heading == .right {
        let pixel = place.y * mask.width + place.x
        walked[pixel >> 6] |= 1 << UInt64(pixel & 63)
      }
      place = heading.step(place)
      let before = heading
      if !has(heading.aheadRight(place), label) {
        heading = heading.turnedRight
      } else if has(heading.aheadLeft(place), label) {
        heading = heading.turnedLeft
      }
      if place == corners[0] && heading == .right { return corners }
      if heading != before { corners.append(place) }
    }
  }

  private func has(_ pixel: RegionCorner, _ label: UInt8) -> Bool {
    pixel.x >= 0 && pixel.x < mask.width && pixel.y >= 0 && pixel.y < mask.height
      && mask[pixel.x, pixel.y] == label
  }
}

private enum Heading: Int {
  case right, down, left, up

  var turnedRight: Heading { Heading(rawValue: (rawValue + 1) % 4) ?? .right }
  var turnedLeft: Heading { Heading(rawValue: (rawValue + 3) % 4) ?? .right }

  func step(_ place: RegionCorner) -> RegionCorner {
    switch self {
    case .right: RegionCorner(x: place.x + 1, y: place.y)
    case .down: RegionCorner(x: place.x, y: place.y + 1)
    case .left: RegionCorner(x: place.x - 1, y: place.y)
    case .up: RegionCorner(x: place.x, y: place.y - 1)
    }
  }

  /// The pixel ahead of a corner, on the region's side; a pixel is called by its upper left corner.
  func aheadRight(_ place: RegionCorner) -> RegionCorner {
    switch self {
    case .right: place
    case .down: RegionCorner(x: place.x - 1, y: place.y)
    case .left: RegionCorner(x: place.x - 1, y: place.y - 1)
    case .up: RegionCorner(x: place.x, y: place.y - 1)
    }
  }

  /// The pixel ahead of a corner, on the other side.
  func aheadLeft(_ place: RegionCorner) -> RegionCorner {
    switch self {
    case .right: RegionCorner(x: place.x, y: place.y - 1)
    case .down: place
    case .left: RegionCorner(x: place.x - 1, y: place.y)
    case .up: RegionCorner(x: place.x - 1, y: place.y - 1)
    }
  }
}
