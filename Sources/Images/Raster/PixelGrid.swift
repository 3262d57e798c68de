/// Which stored pixel each pixel of a new picture takes: turns, mirrors and cuts are all such grids.
struct PixelGrid {
  /// Of the new picture, in pixels.
  let width: Int
  /// Of the new picture, in pixels.
  let height: Int
  /// Index of the stored pixel for (0, 0).
  let start: Int
  /// From a stored pixel to that of the next column.
  let stepX: Int
  /// From a stored pixel to that of the next row.
  let stepY: Int

  /// The samples that the grid picks, `channels` for each pixel.
  func pick<Sample: FixedWidthInteger>(from samples: [Sample], channels: Int) -> [Sample] {
    let count = width * height * channels
    return [Sample](unsafeUninitializedCapacity: count) { target, filled in
      samples.withUnsafeBufferPointer { source in
        guard let source = source.baseAddress, var output = target.baseAddress else { return }
        for y in 0..<height {
          var input = source + (start + y * stepY) * channels
          for _ in 0..<width {
            for channel in 0..<channels { output[channel] = input[channel] }
            output += channels
            input += stepX * channels
          }
        }
      }
      filled = count
    }
  }
}

extension Raster {
  /// The picture that a grid picks.
  func picked(_ grid: PixelGrid) -> Raster {
    let picked: Samples
    switch samples {
    case .eight(let samples): picked = .eight(grid.pick(from: samples, channels: channels))
    case .sixteen(let samples): picked = .sixteen(grid.pick(from: samples, channels: channels))
    }
    return Raster(width: grid.width, height: grid.height, channels: channels, samples: picked)
  }

  /// The picture with left and right exchanged, top and bottom, or both.
  public func mirrored(horizontally: Bool, vertically: Bool) -> Raster {
    switch (horizontally, vertically) {
    case (false, false): self
    case (true, false): upright(.mirrored)
    case (false, true): upright(.flipped)
    case (true, true): upright(.halfTurn)
    }
  }

  /// The picture turned upright (CIPA DC-008, tag 0x0112).
  func upright(_ orientation: Orientation) -> Raster {
    let right = width - 1
    let bottom = (height - 1) * width
    func turned(_ start: Int, _ stepX: Int, _ stepY: Int) -> Raster {
      let isSideways = orientation.rawValue >= 5
      return picked(
        PixelGrid(
          width: isSideways ? height : width, height: isSideways ? width : height, start: start,
          stepX: stepX, stepY: stepY))
    }
    return switch orientation {
    case .upright: self
    case .mirrored: turned(right, -1, width)
    case .halfTurn: turned(bottom + right, -1, -width)
    case .flipped: turned(bottom, 1, -width)
    case .transposed: turned(0, width, 1)
    case .quarterTurn: turned(bottom, -width, 1)
    case .transversed: turned(bottom + right, -width, -1)
    case .threeQuarterTurn: turned(right, width, -1)
    }
  }
}
