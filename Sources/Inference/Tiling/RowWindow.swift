import Images

/// The rows of a picture that one row of tiles sees. It goes down the picture's file, reading what is new and dropping
/// what it has left.
struct RowWindow {
  /// The rows, 8-bit RGB.
  private(set) var picture: Raster
  /// The picture's row that is the first of them.
  private(set) var first = 0
  private let reader: ImageRowReader

  /// - Parameter rows: the most that it will hold.
  init(_ reader: ImageRowReader, rows: Int) {
    self.reader = reader
    var samples: [UInt8] = []
    samples.reserveCapacity(3 * reader.width * min(rows, reader.height))
    picture = Raster(width: reader.width, height: 0, channels: 3, samples: .eight(samples))
  }

  /// Goes down to `rows`, which begin no higher than the window does, and no lower than it ends; what is below the
  /// picture is left out.
  ///
  /// - Throws: `InferenceError.image`.
  mutating func move(to rows: Range<Int>) throws(InferenceError) {
    let rows = rows.clamped(to: 0..<reader.height)
    precondition(rows.lowerBound >= first && rows.lowerBound <= reader.row && rows.upperBound >= reader.row)
    guard case .eight(var samples) = picture.samples else { return }
    // Taken out for the time, so that they are not copied.
    picture = Raster(width: reader.width, height: 0, channels: 3, samples: .eight([]))
    let row = 3 * reader.width
    let (dropped, kept) = (rows.lowerBound - first, reader.row - rows.lowerBound)
    samples.withUnsafeMutableBufferPointer { samples in
      guard let base = samples.baseAddress, dropped > 0 else { return }
      base.update(from: base + dropped * row, count: kept * row)
    }
    if rows.count * row > samples.count {
      samples.append(contentsOf: repeatElement(0, count: rows.count * row - samples.count))
    } else {
      samples.removeLast(samples.count - rows.count * row)
    }
    do throws(ImageError) {
      try samples.withUnsafeMutableBufferPointer { samples throws(ImageError) in
        try reader.read(into: UnsafeMutableBufferPointer(rebasing: samples[(kept * row)...]))
      }
    } catch {
      throw .image(error)
    }
    first = rows.lowerBound
    picture = Raster(width: reader.width, height: rows.count, channels: 3, samples: .eight(samples))
  }
}
