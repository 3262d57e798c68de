import Images

extension Prediction {
  /// Share of the class colour in an overlay.
  static let overlayOpacity: Double = 0.5

  /// The colours of the classes, black for pixels of none.
  var shownPalette: Palette {
    guard hasPixelsOfNoClass else { return palette }
    let none = Color(red: 0, green: 0, blue: 0)
    return Palette((0..<256).map { $0 == Int(Self.noClass) ? none : palette[UInt8($0)] })
  }

  private var hasPixelsOfNoClass: Bool {
    classes.count <= Int(Self.noClass) && mask.labels.contains(Self.noClass)
  }

  /// The classes' colours, RGB.
  func colorPicture() throws(ImageError) -> [UInt8] {
    let tint = ClassTint(shownPalette, opacity: 1)
    return try PictureWriter.png(width: mask.width, height: mask.height, channels: 3) { y, row in
      withLabels(ofRow: y) { tint.apply($0, to: row) }
    }
  }

  /// The picture half covered by the classes' colours; pixels of no class are bare. Below it, the names and colours of
  /// the classes that occur.
  func overlayPicture() throws(ImageError) -> [UInt8] {
    let tint = ClassTint(
      palette, opacity: Self.overlayOpacity, bare: hasPixelsOfNoClass ? Self.noClass : nil)
    let present = zip(pixels, classes).enumerated().filter { $1.0 > 0 }.map { index, found in
      Legend.Entry(name: found.1, color: palette[UInt8(clamping: index)])
    }
    let legend = Legend(present, width: mask.width, height: mask.height).picture
    let width = 3 * mask.width
    return try PictureWriter.png(width: legend.width, height: mask.height + legend.height, channels: 3) {
      y, row in
      if y >= mask.height { return legend.writeRGB8(row: y - mask.height, to: row) }
      let pixels = UnsafeMutableBufferPointer(rebasing: row[..<width])
      source.writeRGB8(row: y, to: pixels)
      withLabels(ofRow: y) { tint.apply($0, to: pixels) }
      row[width...].update(repeating: 255)
    }
  }

  /// The pixels of the chosen classes, RGBA; the others are transparent and hold no colour.
  func cutoutPicture() throws(ImageError) -> [UInt8] {
    let kept = Set((chosenClasses ?? Array(classes.indices.dropFirst())).map { UInt8(clamping: $0) })
    let isKept = (0..<256).map { kept.contains(UInt8($0)) }
    var rgb = [UInt8](repeating: 0, count: 3 * mask.width)
    return try PictureWriter.png(width: mask.width, height: mask.height, channels: 4) { y, row in
      rgb.withUnsafeMutableBufferPointer { rgb in
        source.writeRGB8(row: y, to: rgb)
        withLabels(ofRow: y) { labels in
          for x in labels.indices {
            let isVisible = isKept[Int(labels[x])]
            for channel in 0..<3 { row[4 * x + channel] = isVisible ? rgb[3 * x + channel] : 0 }
            row[4 * x + 3] = isVisible ? 255 : 0
          }
        }
      }
    }
  }

  /// A 16-bit gray picture for each chosen class, or for each class.
  func probabilityMaps() throws(ImageError) -> [ResultFile] {
    guard let probabilities else { return [] }
    let count = classes.count
    var files: [ResultFile] = []
    for index in chosenClasses ?? Array(classes.indices) {
      let bytes = try probabilities.withUnsafeElements { values throws(ImageError) in
        try PictureWriter.png(width: mask.width, height: mask.height, channels: 1) {
          (y, row: UnsafeMutableBufferPointer<UInt16>) in
          let first = y * mask.width
          for x in row.indices {
            let value = values[(first + x) * count + index]
            row[x] = UInt16(min(max(value, 0), 1) * 65535 + 0.5)
          }
        }
      }
      files.append(ResultFile(suffix: ResultFormat.mapSuffix(ofClass: index, of: classes), bytes: bytes))
    }
    return files
  }

  private func withLabels(ofRow y: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
    mask.labels.withUnsafeBufferPointer { labels in
      body(UnsafeBufferPointer(rebasing: labels[y * mask.width..<(y + 1) * mask.width]))
    }
  }
}
