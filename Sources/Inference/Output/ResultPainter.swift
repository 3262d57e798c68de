import Images

/// Makes rows of the pictures that show a mask, from its labels and the pixels under them.
struct ResultPainter {
  /// The colours of the classes, black for pixels of none.
  let shownPalette: Palette
  private let classes: [String]
  private let palette: Palette
  private let solid: ClassTint
  private let half: ClassTint
  /// For each label, whether a cutout shows it.
  private let isKept: [Bool]

  /// Share of the class colour in an overlay.
  private static let overlayOpacity = 0.5

  /// - Parameter hasNoClass: whether there are pixels of no class, or can be.
  init(classes: [String], palette: Palette, chosenClasses: [Int]?, hasNoClass: Bool) {
    (self.classes, self.palette) = (classes, palette)
    let none = Color(red: 0, green: 0, blue: 0)
    shownPalette =
      hasNoClass
      ? Palette((0..<256).map { $0 == Int(Prediction.noClass) ? none : palette[UInt8($0)] }) : palette
    solid = ClassTint(shownPalette, opacity: 1)
    half = ClassTint(palette, opacity: Self.overlayOpacity, bare: hasNoClass ? Prediction.noClass : nil)
    let kept = Set((chosenClasses ?? Array(classes.indices.dropFirst())).map { UInt8(clamping: $0) })
    isKept = (0..<256).map { kept.contains(UInt8($0)) }
  }

  /// The classes' colours, RGB.
  func color(_ labels: UnsafeBufferPointer<UInt8>, into row: UnsafeMutableBufferPointer<UInt8>) {
    solid.apply(labels, to: row)
  }

  /// Lays the classes' colours half over the pixels in `row`, RGB; those of no class stay bare. What is right of them, as
  /// in a picture narrower than its legend, becomes white.
  func overlay(_ labels: UnsafeBufferPointer<UInt8>, on row: UnsafeMutableBufferPointer<UInt8>) {
    half.apply(labels, to: UnsafeMutableBufferPointer(rebasing: row[..<(3 * labels.count)]))
    row[(3 * labels.count)...].update(repeating: 255)
  }

  /// The names and colours of some classes, to be put below an overlay.
  func legend(of present: [Int], width: Int, height: Int) -> Legend {
    Legend(
      present.map { .init(name: classes[$0], color: palette[UInt8(clamping: $0)]) }, width: width,
      height: height)
  }

  /// The pixels of the chosen classes, or of all but the first, RGBA; the others are transparent and hold no colour.
  func cutout(
    _ labels: UnsafeBufferPointer<UInt8>, of rgb: UnsafeBufferPointer<UInt8>,
    into row: UnsafeMutableBufferPointer<UInt8>
  ) {
    for x in labels.indices {
      let isVisible = isKept[Int(labels[x])]
      for channel in 0..<3 { row[4 * x + channel] = isVisible ? rgb[3 * x + channel] : 0 }
      row[4 * x + 3] = isVisible ? 255 : 0
    }
  }
}
