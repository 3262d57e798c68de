import Augmentation
import TensorCore

/// How a network takes its pictures.
public struct InputForm: Sendable, Equatable {
  /// 3 for colour, 1 for gray.
  public var channels: Int
  /// The size that every picture is brought to, in pixels; `nil` leaves it as it is.
  public var size: PixelSize?
  /// How it is brought there.
  public var fit: ImageFit

  /// A form; another number of channels than 1 or 3 is a caller's bug.
  public init(channels: Int = 3, size: PixelSize? = nil, fit: ImageFit = .cover) {
    precondition(channels == 1 || channels == 3, "gray or colour")
    (self.channels, self.size, self.fit) = (channels, size, fit)
  }

  /// The sample at the form's size; one with a mask, which must keep its place, is a caller's bug.
  func fitted(_ sample: Sample) -> Sample {
    guard let size, size != PixelSize(width: sample.width, height: sample.height) else { return sample }
    guard let label = sample.label else { preconditionFailure("only pictures with a class are fitted") }
    switch fit {
    case .cover:
      return Sample(image: sample.image.covering(width: size.width, height: size.height), label: label)
    case .pad: return Sample(image: sample.image.padded(width: size.width, height: size.height), label: label)
    }
  }
}
