/// A picture in memory: rows from the top, pixels from the left, channels interleaved.
///
/// Channels are 1 gray, 2 gray and alpha, 3 RGB, 4 RGBA. Alpha is straight, not premultiplied.
public struct Raster: Sendable, Equatable {
  /// Width in pixels.
  public let width: Int
  /// Height in pixels.
  public let height: Int
  /// Samples for each pixel, 1 to 4.
  public let channels: Int
  /// The samples, `height · width · channels` of them.
  public var samples: Samples

  /// Samples of the depth that the file holds.
  public enum Samples: Sendable, Equatable {
    /// 0…255.
    case eight([UInt8])
    /// 0…65535.
    case sixteen([UInt16])

    /// The number of samples.
    public var count: Int {
      switch self {
      case .eight(let samples): samples.count
      case .sixteen(let samples): samples.count
      }
    }
  }

  /// A picture of the given samples, as many as the size asks for.
  public init(width: Int, height: Int, channels: Int, samples: Samples) {
    precondition((1...4).contains(channels) && samples.count == width * height * channels)
    self.width = width
    self.height = height
    self.channels = channels
    self.samples = samples
  }
}
