import TensorCore

/// Covers random squares of the picture with middle gray; the mask stays, so that a network learns to fill in what it
/// does not see.
///
/// One square is the cutout of DeVries and Taylor 2017 (arXiv:1708.04552): its middle lies anywhere in the image, so
/// that a part of it may lie outside. Several small ones are coarse dropout.
public struct RandomErasing: Transform {
  /// How many squares are drawn.
  public let count: ClosedRange<Int>
  /// The sides that are drawn, in pixels.
  public let size: ClosedRange<Int>

  /// What a covered sample holds.
  static let gray: UInt8 = 128

  /// Squares of a side of 1 pixel or more.
  public init(count: ClosedRange<Int>, size: ClosedRange<Int>) {
    precondition(count.lowerBound >= 0 && size.lowerBound >= 1, "squares have pixels")
    (self.count, self.size) = (count, size)
  }

  /// The covered sample.
  public func apply(_ sample: Sample, random: inout RandomStream) -> Sample {
    let squares = count.lowerBound + random.below(count.count)
    return sample.recolored { samples, _ in
      for _ in 0..<squares {
        let side = size.lowerBound + random.below(size.count)
        let left = random.below(sample.width) - side / 2
        let top = random.below(sample.height) - side / 2
        let columns = max(0, left)..<min(sample.width, left + side)
        for row in max(0, top)..<min(sample.height, top + side) {
          (samples + (row * sample.width + columns.lowerBound) * 3).update(
            repeating: Self.gray, count: columns.count * 3)
        }
      }
    }
  }
}
