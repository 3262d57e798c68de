import Files
import Images

/// One result of a picture that is written row by row, under a temporary name until it is complete.
final class RowResult {
  private let format: ResultFormat
  private let painter: ResultPainter
  private let writer: PNGRowWriter
  /// Below an overlay; of all classes, because its height has to be known before the first row.
  private let legend: Legend?
  private var row: [UInt8]

  /// Bytes that it takes at most, for a picture so wide.
  static func bytes(width: Int) -> Int { 1 << 20 + 40 * width }

  /// Begins the file for `path`; the format is one that `isByRows`.
  init(
    _ format: ResultFormat, path: String, width: Int, height: Int, classes: Int, _ painter: ResultPainter
  ) throws(InferenceError) {
    precondition(format.isByRows)
    (self.format, self.painter) = (format, painter)
    let legend =
      format == .overlay ? painter.legend(of: Array(0..<classes), width: width, height: height) : nil
    let pixels: PNGRowWriter.Pixels =
      switch format {
      case .mask: .labels(painter.shownPalette)
      case .cutout: .rgba
      default: .rgb
      }
    do throws(ImageError) {
      writer = try PNGRowWriter(
        path, width: legend?.width ?? width, height: height + (legend?.height ?? 0), pixels,
        software: ResultMark.software)
    } catch {
      throw .image(error)
    }
    self.legend = legend
    row = [UInt8](repeating: 0, count: writer.samplesPerRow)
  }

  /// Writes what becomes of some rows of the picture, the next ones.
  func write(_ rows: PredictedRows) throws(InferenceError) {
    do throws(ImageError) {
      for y in rows.rows {
        try rows.withRow(y) { labels, rgb throws(ImageError) in
          if format == .mask { return try writer.write(labels) }
          try writeRow { row in
            switch format {
            case .cutout: painter.cutout(labels, of: rgb, into: row)
            case .overlay:
              _ = row.update(fromContentsOf: rgb)
              painter.overlay(labels, on: row)
            default: painter.color(labels, into: row)
            }
          }
        }
      }
    } catch {
      throw .image(error)
    }
  }

  /// Completes the file after the picture's last row.
  func finish() throws(InferenceError) -> StagedFile {
    do throws(ImageError) {
      if let legend {
        for y in 0..<legend.height { try writeRow { legend.writeRGB8(row: y, to: $0) } }
      }
      return try writer.finish()
    } catch {
      throw .image(error)
    }
  }

  private func writeRow(_ fill: (UnsafeMutableBufferPointer<UInt8>) -> Void) throws(ImageError) {
    try row.withUnsafeMutableBufferPointer { row throws(ImageError) in
      fill(row)
      try writer.write(UnsafeBufferPointer(row))
    }
  }
}
