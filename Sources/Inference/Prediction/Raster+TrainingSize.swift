import Images

extension Raster {
  /// The middle of the picture at another size: resized until it just covers `width` × `height`, and cut.
  ///
  /// As torchvision's `Resize` of the shorter side and `CenterCrop` do. Of a picture that is far longer than wide, only
  /// the middle is resized, because the whole would need memory without bound.
  func covering(width: Int, height: Int) -> Raster {
    let middle = trimmed(toRatioOf: width, height, slack: 8)
    let widthLeads = middle.width * height <= middle.height * width
    let (newWidth, newHeight) =
      widthLeads
      ? (width, max(height, middle.height * width / middle.width))
      : (max(width, middle.width * height / middle.height), height)
    let resized = middle.resized(width: newWidth, height: newHeight)
    return resized.centered(width: width, height: height)
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
