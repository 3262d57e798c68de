import TensorCore

/// The mean of the binary cross entropies of all classes of all pixels that count, each class against the others by a
/// sigmoid of its own: PyTorch's `BCEWithLogitsLoss` against the labels one-hot.
public struct BinaryCrossEntropy: LogitsLoss {
  /// The label of pixels that do not count; `nil` where all do.
  public let ignoreIndex: Int?

  /// A mean binary cross entropy.
  public init(ignoreIndex: Int? = nil) { self.ignoreIndex = ignoreIndex }

  /// `binary_cross_entropy`.
  public var label: String { "binary_cross_entropy" }

  /// The loss; writes every element of the gradient of the logits.
  public func evaluate(_ pass: LossPass) -> Double {
    let classes = pass.classes
    let sums = pass.sum(2) { range, sums in
      for pixel in range {
        let label = pass.labels[pixel]
        if label < 0 {
          pass.clear(pixel)
          continue
        }
        let (row, gradient) = (pass.logits.pixel(pixel), pass.gradient.pixel(pixel))
        for index in 0..<classes {
          let sign: Float = index == label ? 1 : -1
          let odds = SignedLogit(sign * row[index])
          sums[0] += Double(odds.crossEntropy)
          gradient[index] = -sign * odds.complement
        }
        sums[1] += 1
      }
    }
    guard sums[1] > 0 else { return 0 }
    let count = sums[1] * Double(classes)
    pass.scale(by: Float(1 / count))
    return sums[0] / count
  }
}

extension LossPass {
  /// Multiplies the gradient.
  func scale(by factor: Float) {
    forEachChunk { range in
      let start = gradient.pixel(range.lowerBound)
      for index in 0..<range.count * classes { start[index] *= factor }
    }
  }
}
