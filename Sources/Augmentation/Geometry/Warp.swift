import TensorCore

/// Where the pixels of a row come from, in 1/1024 of a pixel of the old picture, pixel centres at whole numbers.
struct WarpRow {
  /// Bits of a place behind the point: two axes of 10 and a sample of 8 fit in 28.
  static let bits = 10
  /// One pixel.
  static let one = 1 << bits

  /// Columns, one for each pixel of the row.
  let x: UnsafeMutablePointer<Int32>
  /// Rows, one for each pixel of the row.
  let y: UnsafeMutablePointer<Int32>

  /// A place in pixels, kept within what `Int32` and the reflection take.
  @inline(__always)
  static func place(_ pixels: Float) -> Int32 { Int32(max(-1e6, min(1e6, pixels)) * Float(one)) }
}

extension Sample {
  /// The sample with its pixels moved: the picture bilinear and reflected outside, the mask by its nearest label and
  /// ignored outside.
  ///
  /// - Parameter origins: writes where the pixels of row `y` come from.
  func warped(_ origins: (_ y: Int, WarpRow) -> Void) -> Sample {
    let (width, height) = (width, height)
    var picture = [UInt8](repeating: 0, count: width * height * 3)
    var labels = [UInt8](repeating: Sample.ignoredLabel, count: mask == nil ? 0 : width * height)
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: 2 * width) { places in
      guard let base = places.baseAddress else { return }
      let row = WarpRow(x: base, y: base + width)
      rgb.withUnsafeBufferPointer { source in
        picture.withUnsafeMutableBufferPointer { picture in
          (mask?.labels ?? []).withUnsafeBufferPointer { old in
            labels.withUnsafeMutableBufferPointer { new in
              guard let from = source.baseAddress, let to = picture.baseAddress else { return }
              for y in 0..<height {
                origins(y, row)
                Self.sample(row, from, to + y * width * 3, width, height)
                // An image with one class has no labels; an empty array still has an address.
                if !new.isEmpty, let old = old.baseAddress, let new = new.baseAddress {
                  Self.label(row, old, new + y * width, width, height)
                }
              }
            }
          }
        }
      }
    }
    return moved(width: width, height: height, rgb: picture) { _ in labels }
  }

  /// A row between the four pixels around each place.
  private static func sample(
    _ row: WarpRow, _ source: UnsafePointer<UInt8>, _ target: UnsafeMutablePointer<UInt8>, _ width: Int,
    _ height: Int
  ) {
    let one = Int32(WarpRow.one)
    for index in 0..<width {
      let (x, y) = (row.x[index], row.y[index])
      let (left, top) = (Int(x >> Int32(WarpRow.bits)), Int(y >> Int32(WarpRow.bits)))
      let (after, below) = (x & (one - 1), y & (one - 1))
      var corners = (left, left + 1, top, top + 1)
      if left < 0 || top < 0 || left + 1 >= width || top + 1 >= height {
        corners = (
          Reflection.index(left, count: width), Reflection.index(left + 1, count: width),
          Reflection.index(top, count: height), Reflection.index(top + 1, count: height)
        )
      }
      let upperLeft = source + (corners.2 * width + corners.0) * 3
      let upperRight = source + (corners.2 * width + corners.1) * 3
      let lowerLeft = source + (corners.3 * width + corners.0) * 3
      let lowerRight = source + (corners.3 * width + corners.1) * 3
      let (before, above) = (one - after, one - below)
      for channel in 0..<3 {
        let upper = Int32(upperLeft[channel]) &* before &+ Int32(upperRight[channel]) &* after
        let lower = Int32(lowerLeft[channel]) &* before &+ Int32(lowerRight[channel]) &* after
        let sum = upper &* above &+ lower &* below &+ (1 << 19)
        target[index * 3 + channel] = UInt8(truncatingIfNeeded: sum >> 20)
      }
    }
  }

  /// The labels of the nearest pixels of a row.
  private static func label(
    _ row: WarpRow, _ source: UnsafePointer<UInt8>, _ target: UnsafeMutablePointer<UInt8>, _ width: Int,
    _ height: Int
  ) {
    let half = Int32(WarpRow.one / 2)
    for index in 0..<width {
      let x = Int((row.x[index] &+ half) >> Int32(WarpRow.bits))
      let y = Int((row.y[index] &+ half) >> Int32(WarpRow.bits))
      if x >= 0 && y >= 0 && x < width && y < height { target[index] = source[y * width + x] }
    }
  }
}
