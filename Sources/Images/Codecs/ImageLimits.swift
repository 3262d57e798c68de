/// What a picture may ask for before memory is taken for it.
public struct ImageLimits: Sendable, Equatable {
  /// The most pixels along a side.
  public var maxSide: Int
  /// The most pixels in all.
  public var maxPixels: Int
  /// The most bytes of a file.
  public var maxFileBytes: Int
  /// The most scans of a progressive JPEG; usual files have about ten.
  public var maxScans: Int

  /// Limits of the given sizes.
  public init(
    maxSide: Int = 65535, maxPixels: Int = 1 << 29, maxFileBytes: Int = 1 << 31, maxScans: Int = 500
  ) {
    self.maxSide = maxSide
    self.maxPixels = maxPixels
    self.maxFileBytes = maxFileBytes
    self.maxScans = maxScans
  }

  /// 65535 pixels a side, 2²⁹ pixels (a 23170×23170 picture), files of 2 GiB.
  public static let standard = ImageLimits()

  /// Refuses a size beyond the limits.
  func check(width: Int, height: Int, name: String) throws(ImageError) {
    let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
    guard width <= maxSide, height <= maxSide, !overflow, pixels <= maxPixels else {
      throw .tooLarge(name: name, width: width, height: height, limits: self)
    }
  }
}
