extension Raster {
  /// The middle of the picture at another size: resized until it just covers `width` × `height`, and cut.
  ///
  /// As torchvision's `Resize` of the shorter side and `CenterCrop` do. Of a picture that is far longer than wide, only
  /// the middle is resized, because the whole would need memory without bound.
  public func covering(width: Int, height: Int) -> Raster {
    let middle = trimmed(toRatioOf: width, height, slack: 8)
    let widthLeads = middle.width * height <= middle.height * width
    let (newWidth, newHeight) =
      widthLeads
      ? (width, max(height, middle.height * width / middle.width))
      : (max(width, middle.width * height / middle.height), height)
    let resized = middle.resized(width: newWidth, height: newHeight)
    return resized.centered(width: width, height: height)
  }

  /// The whole picture in the middle of a black one of `width` × `height`; made smaller first where it is larger, and
  /// never larger. Where the border is odd, the pixel more is at the right and at the bottom.
  public func padded(width: Int, height: Int) -> Raster {
    if self.width > width || self.height > height {
      let widthLeads = self.width * height >= self.height * width
      let (newWidth, newHeight) =
        widthLeads
        ? (width, max(1, self.height * width / self.width))
        : (max(1, self.width * height / self.height), height)
      return resized(width: newWidth, height: newHeight).padded(width: width, height: height)
    }
    if self.width == width && self.height == height { return self }
    switch samples {
    case .eight(let samples):
      return padded(samples, width: width, height: height, Samples.eight)
    case .sixteen(let samples):
      return padded(samples, width: width, height: height, Samples.sixteen)
    }
  }

  private func padded<Sample: FixedWidthInteger>(
    _ samples: [Sample], width: Int, height: Int, _ wrap: ([Sample]) -> Samples
  ) -> Raster {
    let (left, top, row) = ((width - self.width) / 2, (height - self.height) / 2, self.width * channels)
    var result = [Sample](repeating: 0, count: width * height * channels)
    for y in 0..<self.height {
      let start = ((top + y) * width + left) * channels
      result.replaceSubrange(start..<start + row, with: samples[y * row..<(y + 1) * row])
    }
    return Raster(width: width, height: height, channels: channels, samples: wrap(result))
  }

  /// Without the ends of a side that is more than `slack` times as long as the other asks for.
  private func trimmed(toRatioOf width: Int, _ height: Int, slack: Int) -> Raster {
    let widest = max(1, slack * self.height * width / height)
    let highest = max(1, slack * self.width * height / width)
    return centered(width: min(self.width, widest), height: min(self.height, highest))
  }

  private func centered(width: Int, height: Int) -> Raster {
    cropped(
      x: (self.width - width) / 2, y: (self.height - height) / 2, width: width, height: height)
  }
}
