/// The pixels whose centres lie inside an outline.
enum PolygonFill {
  /// Calls `body` with the place of each pixel, rows from the top, that an odd number of edges has on its left.
  ///
  /// - Parameter points: x and y in turn, in pixels from the left upper corner of the picture; they may lie outside of
  ///   it. The last point is joined with the first.
  static func forEachPixel(_ points: [Float], _ size: PixelSize, _ body: (Int) -> Void) {
    let count = points.count / 2
    guard count >= 3 else { return }
    let ys = (0..<count).map { Double(points[2 * $0 + 1]) }
    let top = row(ys.min() ?? 0, size)
    let bottom = row(ys.max() ?? 0, size)
    guard top < bottom else { return }
    let stride = size.width + 1
    // A mark where an edge crosses the middle of a row: from there to the next mark is inside.
    var marks = [Bool](repeating: false, count: (bottom - top) * stride)
    for point in 0..<count {
      let next = (point + 1) % count
      var (x0, y0) = (Double(points[2 * point]), ys[point])
      var (x1, y1) = (Double(points[2 * next]), ys[next])
      if y0 > y1 { (x0, y0, x1, y1) = (x1, y1, x0, y0) }
      for y in row(y0, size)..<row(y1, size) {
        let x = x0 + (x1 - x0) * (Double(y) + 0.5 - y0) / (y1 - y0)
        let column = Int(max(0, min(Double(size.width), (x - 0.5).rounded(.up))))
        marks[(y - top) * stride + column].toggle()
      }
    }
    for y in top..<bottom {
      var isInside = false
      for x in 0..<size.width {
        if marks[(y - top) * stride + x] { isInside.toggle() }
        if isInside { body(y * size.width + x) }
      }
    }
  }

  /// The first row whose middle lies at or below `y`.
  private static func row(_ y: Double, _ size: PixelSize) -> Int {
    Int(max(0, min(Double(size.height), (y - 0.5).rounded(.up))))
  }
}
