extension Raster {
  /// The part of `width`×`height` pixels whose top left pixel is (`x`, `y`); it must lie inside the picture.
  public func cropped(x: Int, y: Int, width: Int, height: Int) -> Raster {
    picked(.part(x: x, y: y, width: width, height: height, of: (self.width, self.height)))
  }
}

extension Mask {
  /// The part of `width`×`height` pixels whose top left pixel is (`x`, `y`); it must lie inside the mask.
  public func cropped(x: Int, y: Int, width: Int, height: Int) -> Mask {
    let grid = PixelGrid.part(x: x, y: y, width: width, height: height, of: (self.width, self.height))
    return Mask(width: width, height: height, labels: grid.pick(from: labels, channels: 1))
  }
}

extension PixelGrid {
  fileprivate static func part(
    x: Int, y: Int, width: Int, height: Int, of size: (width: Int, height: Int)
  ) -> PixelGrid {
    precondition(x >= 0 && y >= 0 && width >= 0 && height >= 0)
    precondition(width <= size.width - x && height <= size.height - y)
    return PixelGrid(
      width: width, height: height, start: y * size.width + x, stepX: 1, stepY: size.width)
  }
}
