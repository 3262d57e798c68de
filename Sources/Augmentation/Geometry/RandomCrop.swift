import Images
import TensorCore

/// A window of a fixed size at a random place.
///
/// Along an axis where the image is smaller than the window, the image lies at a random place inside the window;
/// around it the picture goes on by reflection, so that no false edge appears, and the mask is ignored, so that
/// nothing is learned from pixels that do not exist.
public struct RandomCrop: Transform {
  /// Width of the window in pixels.
  public let width: Int
  /// Height of the window in pixels.
  public let height: Int

  /// A window of the given size in pixels, both sides at least 1.
  public init(width: Int, height: Int) {
    precondition(width > 0 && height > 0, "a window has pixels")
    self.width = width
    self.height = height
  }

  /// The window's part of image and mask.
  public func apply(_ sample: Sample, random: inout RandomStream) -> Sample {
    let x = Self.offset(window: width, image: sample.width, random: &random)
    let y = Self.offset(window: height, image: sample.height, random: &random)
    return Self.window(of: sample, x: x, y: y, width: width, height: height)
  }

  /// Every place of the window in the image, or of the image in the window, is as likely.
  static func offset(window: Int, image: Int, random: inout RandomStream) -> Int {
    min(0, image - window) + random.below(abs(image - window) + 1)
  }

  /// The window whose upper left pixel is (`x`, `y`), which may lie outside.
  package static func window(of sample: Sample, x: Int, y: Int, width: Int, height: Int) -> Sample {
    let columns = (0..<width).map { Reflection.index(x + $0, count: sample.width) }
    // The columns of the window that the image really has.
    let inside = max(0, -x)..<min(width, sample.width - x)
    let cropped = [UInt8](unsafeUninitializedCapacity: width * height * 3) { target, count in
      sample.rgb.withUnsafeBufferPointer { rgb in
        guard let target = target.baseAddress, let rgb = rgb.baseAddress else { return }
        for row in 0..<height {
          let source = rgb + Reflection.index(y + row, count: sample.height) * sample.width * 3
          let line = target + row * width * 3
          if !inside.isEmpty {
            (line + inside.lowerBound * 3).update(
              from: source + (x + inside.lowerBound) * 3, count: inside.count * 3)
          }
          for column in 0..<width where !inside.contains(column) {
            let from = source + columns[column] * 3
            for channel in 0..<3 { line[column * 3 + channel] = from[channel] }
          }
        }
      }
      count = width * height * 3
    }
    return sample.moved(width: width, height: height, rgb: cropped) { labels in
      var mask = [UInt8](repeating: Sample.ignoredLabel, count: width * height)
      for row in max(0, -y)..<min(height, sample.height - y) {
        let source = (y + row) * sample.width + x
        for column in inside {
          mask[row * width + column] = labels[source + column]
        }
      }
      return mask
    }
  }
}
