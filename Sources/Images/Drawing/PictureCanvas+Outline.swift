extension PictureCanvas {
  /// Draws the border of a rectangle whose left upper pixel is (`x`, `y`), inside of it.
  public mutating func outline(
    x: Int, y: Int, width: Int, height: Int, thickness: Int = 1, _ color: Color
  ) {
    fill(x: x, y: y, width: width, height: thickness, color)
    fill(x: x, y: y + height - thickness, width: width, height: thickness, color)
    fill(x: x, y: y, width: thickness, height: height, color)
    fill(x: x + width - thickness, y: y, width: thickness, height: height, color)
  }
}

extension Raster {
  /// A picture of one colour, 8-bit RGB.
  public static func solid(_ color: Color, width: Int, height: Int) -> Raster {
    PictureCanvas(width: width, height: height, background: color).picture
  }
}
