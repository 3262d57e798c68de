/// A picture to draw on. What lies outside of it is left out.
public struct PictureCanvas: Sendable {
  /// Width in pixels.
  public let width: Int
  /// Height in pixels.
  public let height: Int
  private var rgb: [UInt8]

  /// A canvas of one colour; a size that is not above 0 is a caller's bug.
  public init(width: Int, height: Int, background: Color) {
    precondition(width > 0 && height > 0, "a canvas has pixels")
    (self.width, self.height) = (width, height)
    rgb = [UInt8](repeating: 0, count: 3 * width * height)
    fill(x: 0, y: 0, width: width, height: height, background)
  }

  /// The picture, 8-bit RGB.
  public var picture: Raster { Raster(width: width, height: height, channels: 3, samples: .eight(rgb)) }

  /// Fills a rectangle whose left upper pixel is (`x`, `y`).
  public mutating func fill(x: Int, y: Int, width: Int, height: Int, _ color: Color) {
    for row in max(0, y)..<max(0, y, min(self.height, y + height)) {
      for column in max(0, x)..<max(0, x, min(self.width, x + width)) {
        let place = 3 * (row * self.width + column)
        (rgb[place], rgb[place + 1], rgb[place + 2]) = (color.red, color.green, color.blue)
      }
    }
  }

  /// Draws a picture whose left upper pixel comes to (`x`, `y`).
  public mutating func draw(_ picture: Raster, x: Int, y: Int) {
    guard case .eight(let samples) = picture.rgb8().eightBit().samples else { return }
    for row in 0..<picture.height where (0..<height).contains(y + row) {
      for column in 0..<picture.width where (0..<width).contains(x + column) {
        let (from, to) = (3 * (row * picture.width + column), 3 * ((y + row) * width + x + column))
        for channel in 0..<3 { rgb[to + channel] = samples[from + channel] }
      }
    }
  }

  /// Writes a line of text whose left upper pixel is (`x`, `y`).
  ///
  /// - Parameter scale: the side of a letter's dots, in pixels.
  public mutating func write(_ text: String, x: Int, y: Int, scale: Int = 1, _ color: Color) {
    for (index, letter) in text.enumerated() {
      for (row, bits) in BitmapFont.rows(letter).enumerated() {
        for column in 0..<BitmapFont.width where bits >> (BitmapFont.width - 1 - column) & 1 == 1 {
          fill(
            x: x + (index * BitmapFont.advance + column) * scale, y: y + row * scale, width: scale,
            height: scale,
            color)
        }
      }
    }
  }

  /// The size of a line of so many letters, in pixels.
  public static func textSize(_ letters: Int, scale: Int = 1) -> (width: Int, height: Int) {
    (letters * BitmapFont.advance * scale, BitmapFont.height * scale)
  }
}
