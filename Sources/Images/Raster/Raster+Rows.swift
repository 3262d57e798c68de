extension Raster {
  /// Row `y` as 8-bit RGB by the rules of `rgb8()`, written to the `3 · width` samples of `target`.
  public func writeRGB8(row y: Int, to target: UnsafeMutableBufferPointer<UInt8>) {
    precondition((0..<height).contains(y) && target.count == 3 * width)
    guard case .eight(let row) = cropped(x: 0, y: y, width: width, height: 1).rgb8().samples else { return }
    _ = target.update(fromContentsOf: row)
  }
}
