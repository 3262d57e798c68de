import TensorCore

/// What of a network's output is explained: the logit of a class, its mean over a region of the output.
public struct ExplanationTarget: Sendable, Equatable {
  /// Where the class is looked for.
  public enum Region: Sendable, Equatable {
    /// Where the network itself sees the class; everywhere if it sees it nowhere.
    case predicted
    /// A rectangle of pixels.
    case box(x: Int, y: Int, width: Int, height: Int)
    /// Everywhere: of a classifier the one output there is.
    case everything
  }

  /// The class's index.
  public let classIndex: Int
  /// Where it is looked for.
  public let region: Region

  /// The class of that index, looked for in a region.
  public init(class index: Int, region: Region = .predicted) {
    (classIndex, self.region) = (index, region)
  }

  /// A rectangle as the command line has it, `x,y,width,height` in pixels; `nil` for anything else.
  public static func box(_ text: String) -> Region? {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 4, let x = parts[0], let y = parts[1], let width = parts[2], let height = parts[3],
      x >= 0, y >= 0, width > 0, height > 0
    else { return nil }
    return .box(x: x, y: y, width: width, height: height)
  }

  /// The pixels that count of logits `[1, H, W, C]`.
  ///
  /// - Throws: `InspectionError.region` for a rectangle that does not lie within.
  func pixels(of logits: Tensor) throws(InspectionError) -> [Bool] {
    let shape = logits.shape
    switch region {
    case .everything:
      return [Bool](repeating: true, count: shape.pixels)
    case .box(let x, let y, let width, let height):
      guard x < shape.width, y < shape.height, width <= shape.width - x, height <= shape.height - y else {
        throw .region(found: "\(x),\(y),\(width),\(height)", width: shape.width, height: shape.height)
      }
      return (0..<shape.pixels).map { pixel in
        (y..<y + height).contains(pixel / shape.width) && (x..<x + width).contains(pixel % shape.width)
      }
    case .predicted:
      let pixels = logits.withUnsafeElements { elements in
        (0..<shape.pixels).map { pixel in
          let row = elements[pixel * shape.channels..<(pixel + 1) * shape.channels]
          return row.max() == row[row.startIndex + classIndex]
        }
      }
      return pixels.contains(true) ? pixels : [Bool](repeating: true, count: shape.pixels)
    }
  }

  /// The weight of each logit in the mean over the region.
  func weights(for pixels: [Bool], shape: Shape) -> Tensor {
    var weights = Tensor(zeros: shape)
    let share = 1 / Float(max(1, pixels.count { $0 }))
    weights.withUnsafeMutableElements { elements in
      for pixel in pixels.indices where pixels[pixel] {
        elements[pixel * shape.channels + classIndex] = share
      }
    }
    return weights
  }

  /// The mean of the class's values over the region of an image in a batch.
  func mean(of values: Tensor, image: Int = 0, over pixels: [Bool]) -> Double {
    let channels = values.shape.channels
    let start = image * pixels.count * channels + classIndex
    let sum = values.withUnsafeElements { elements in
      pixels.indices.reduce(0.0) { pixels[$1] ? $0 + Double(elements[start + $1 * channels]) : $0 }
    }
    return sum / Double(max(1, pixels.count { $0 }))
  }
}
