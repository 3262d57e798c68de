extension Mask {
  /// The mask at another size, which must not be empty: each pixel takes the label at its center.
  public func resized(width: Int, height: Int) -> Mask {
    precondition(width > 0 && height > 0 && self.width > 0 && self.height > 0)
    if width == self.width && height == self.height { return self }
    let columns = (0..<width).map { (2 * $0 + 1) * self.width / (2 * width) }
    let resized = [UInt8](unsafeUninitializedCapacity: width * height) { target, filled in
      labels.withUnsafeBufferPointer { source in
        for y in 0..<height {
          let row = (2 * y + 1) * self.height / (2 * height) * self.width
          for x in 0..<width { target[y * width + x] = source[row + columns[x]] }
        }
      }
      filled = width * height
    }
    return Mask(width: width, height: height, labels: resized)
  }
}
