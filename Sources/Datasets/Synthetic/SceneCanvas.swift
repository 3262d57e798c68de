/// Colours and labels of a scene while it is painted from back to front.
///
/// Nothing is antialiased: a pixel belongs to a shape when its centre does, and takes colour and label from
/// it together. The fourth component of a colour is the depth in metres, for haze; 0 means none.
final class SceneCanvas {
  /// Width in pixels.
  let width: Int
  /// Height in pixels.
  let height: Int
  /// Red, green, blue in `0...1` (over 1 is overexposed) and depth, rows from the top.
  let colors: UnsafeMutablePointer<SIMD4<Float>>
  /// Label indices, rows from the top.
  let labels: UnsafeMutablePointer<UInt8>
  private var crossings: [Float] = []

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    colors = .allocate(capacity: width * height)
    labels = .allocate(capacity: width * height)
    colors.initialize(repeating: .zero, count: width * height)
    labels.initialize(repeating: 0, count: width * height)
  }

  deinit {
    colors.deallocate()
    labels.deallocate()
  }

  /// The pixels of an axis of `count` whose centres lie in `low..<high`.
  private func span(_ low: Float, _ high: Float, _ count: Int) -> Range<Int> {
    let limit = Float(count)
    let first = Int(max(0, min(limit, (low - 0.5).rounded(.up))))
    let last = Int(max(0, min(limit, (high - 0.5).rounded(.up))))
    return first..<max(first, last)
  }

  /// Calls `body` with the row, and the columns of each run, of a polygon by the even-odd rule.
  private func scan(_ polygon: [SIMD2<Float>], _ body: (Int, Range<Int>) -> Void) {
    guard polygon.count >= 3 else { return }
    var low = polygon[0].y
    var high = low
    for point in polygon {
      low = min(low, point.y)
      high = max(high, point.y)
    }
    for row in span(low, high, height) {
      let y = Float(row) + 0.5
      crossings.removeAll(keepingCapacity: true)
      var last = polygon[polygon.count - 1]
      for point in polygon {
        if (last.y <= y) != (point.y <= y) {
          crossings.append(last.x + (y - last.y) * (point.x - last.x) / (point.y - last.y))
        }
        last = point
      }
      crossings.sort()
      var index = 0
      while index + 1 < crossings.count {
        body(row, span(crossings[index], crossings[index + 1], width))
        index += 2
      }
    }
  }

  /// Fills a polygon with a label and the colours of `shade`, which is given each pixel's centre.
  func fill(_ polygon: [SIMD2<Float>], _ label: StreetClass, _ shade: (Float, Float) -> SIMD4<Float>) {
    scan(polygon) { row, columns in
      let y = Float(row) + 0.5
      for column in columns {
        colors[row * width + column] = shade(Float(column) + 0.5, y)
        labels[row * width + column] = label.rawValue
      }
    }
  }

  /// Darkens the colours in a polygon to `factor` and leaves labels as they are.
  func darken(_ polygon: [SIMD2<Float>], _ factor: (Float, Float) -> SIMD4<Float>) {
    scan(polygon) { row, columns in
      let y = Float(row) + 0.5
      for column in columns { colors[row * width + column] *= factor(Float(column) + 0.5, y) }
    }
  }

  /// Paints every pixel to which `shade` gives a colour and a label.
  func paint(_ shade: (Float, Float) -> (color: SIMD4<Float>, label: StreetClass)?) {
    for row in 0..<height {
      let y = Float(row) + 0.5
      for column in 0..<width {
        guard let pixel = shade(Float(column) + 0.5, y) else { continue }
        colors[row * width + column] = pixel.color
        labels[row * width + column] = pixel.label.rawValue
      }
    }
  }

  /// Paints the pixels of a box where `shade` gives a colour.
  func paint(
    from low: SIMD2<Float>, to high: SIMD2<Float>, _ label: StreetClass,
    _ shade: (Float, Float) -> SIMD4<Float>?
  ) {
    let columns = span(low.x, high.x, width)
    for row in span(low.y, high.y, height) {
      let y = Float(row) + 0.5
      for column in columns {
        guard let color = shade(Float(column) + 0.5, y) else { continue }
        colors[row * width + column] = color
        labels[row * width + column] = label.rawValue
      }
    }
  }
}
