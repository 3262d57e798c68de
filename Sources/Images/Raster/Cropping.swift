extension Raster {
  /// The part of `width`×`height` pixels whose top left pixel is (`x`, `y`); it must lie inside the picture.
  public func cropped(x: Int, y: Int, width: Int, height: Int) -> Raster {
    picked(.part(x: x, y: y, width: width, height: height, of: (self.width, self.height)))
  }
}

extension Raster {
  /// The part of `width`×`height` pixels whose top left pixel is (`x`, `y`) inside the picture. Where it goes beyond
  /// the right or the lower border, the picture is reflected there, back and forth; the border itself is not repeated.
  public func reflectedPart(x: Int, y: Int, width: Int, height: Int) -> Raster {
    precondition(x >= 0 && y >= 0 && x < self.width && y < self.height && width > 0 && height > 0)
    if x + width <= self.width && y + height <= self.height {
      return cropped(x: x, y: y, width: width, height: height)
    }
    let columns = (x..<x + width).map { Self.reflected($0, self.width) }
    let rows = (y..<y + height).map { Self.reflected($0, self.height) }
    switch samples {
    case .eight(let samples): return part(samples, columns, rows, Samples.eight)
    case .sixteen(let samples): return part(samples, columns, rows, Samples.sixteen)
    }
  }

  private static func reflected(_ place: Int, _ extent: Int) -> Int {
    let period = max(1, 2 * (extent - 1))
    return min(place % period, period - place % period) % extent
  }

  private func part<Sample: FixedWidthInteger>(
    _ samples: [Sample], _ columns: [Int], _ rows: [Int], _ wrap: ([Sample]) -> Samples
  ) -> Raster {
    let count = rows.count * columns.count * channels
    let part = [Sample](unsafeUninitializedCapacity: count) { target, filled in
      for row in rows {
        for column in columns {
          let source = (row * width + column) * channels
          for channel in 0..<channels {
            target.initializeElement(at: filled, to: samples[source + channel])
            filled += 1
          }
        }
      }
    }
    return Raster(width: columns.count, height: rows.count, channels: channels, samples: wrap(part))
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
