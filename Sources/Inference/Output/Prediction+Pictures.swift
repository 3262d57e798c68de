import Files
import Images
import TensorCore

extension Prediction {
  /// What makes the rows of pictures.
  private var painter: ResultPainter {
    ResultPainter(
      classes: classes, palette: palette, chosenClasses: chosenClasses, hasNoClass: hasPixelsOfNoClass)
  }

  private var hasPixelsOfNoClass: Bool {
    classes.count <= Int(Self.noClass) && mask.labels.contains(Self.noClass)
  }

  /// The labels, in the classes' colours.
  func maskPicture(to sink: @escaping ByteSink) throws(ImageError) {
    try MaskWriter.png(mask, palette: painter.shownPalette, software: ResultMark.software, to: sink)
  }

  /// The classes' colours, RGB.
  func colorPicture(to sink: @escaping ByteSink) throws(ImageError) {
    let painter = painter
    try PictureWriter.png(
      width: mask.width, height: mask.height, channels: 3, software: ResultMark.software, to: sink
    ) { y, row in
      withLabels(ofRow: y) { painter.color($0, into: row) }
    }
  }

  /// The picture half covered by the classes' colours. Below it, the names and colours of the classes that occur.
  func overlayPicture(to sink: @escaping ByteSink) throws(ImageError) {
    let painter = painter
    let present = pixels.enumerated().filter { $1 > 0 }.map(\.offset)
    let legend = painter.legend(of: present, width: mask.width, height: mask.height)
    let width = 3 * mask.width
    try PictureWriter.png(
      width: legend.width, height: mask.height + legend.height, channels: 3, software: ResultMark.software,
      to: sink
    ) { y, row in
      if y >= mask.height { return legend.writeRGB8(row: y - mask.height, to: row) }
      source.writeRGB8(row: y, to: UnsafeMutableBufferPointer(rebasing: row[..<width]))
      withLabels(ofRow: y) { painter.overlay($0, on: row) }
    }
  }

  /// The pixels of the chosen classes, RGBA.
  func cutoutPicture(to sink: @escaping ByteSink) throws(ImageError) {
    let painter = painter
    var rgb = [UInt8](repeating: 0, count: 3 * mask.width)
    try PictureWriter.png(
      width: mask.width, height: mask.height, channels: 4, software: ResultMark.software, to: sink
    ) { y, row in
      rgb.withUnsafeMutableBufferPointer { rgb in
        source.writeRGB8(row: y, to: rgb)
        withLabels(ofRow: y) { painter.cutout($0, of: UnsafeBufferPointer(rgb), into: row) }
      }
    }
  }

  /// The probability of one class, 16-bit gray.
  func probabilityMap(
    of index: Int, _ probabilities: Tensor, to sink: @escaping ByteSink
  ) throws(ImageError) {
    let count = classes.count
    try probabilities.withUnsafeElements { values throws(ImageError) in
      try PictureWriter.png(
        width: mask.width, height: mask.height, channels: 1, software: ResultMark.software, to: sink
      ) {
        (y, row: UnsafeMutableBufferPointer<UInt16>) in
        let first = y * mask.width
        for x in row.indices {
          let value = values[(first + x) * count + index]
          row[x] = UInt16(min(max(value, 0), 1) * 65535 + 0.5)
        }
      }
    }
  }

  private func withLabels(ofRow y: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
    mask.labels.withUnsafeBufferPointer { labels in
      body(UnsafeBufferPointer(rebasing: labels[y * mask.width..<(y + 1) * mask.width]))
    }
  }
}
