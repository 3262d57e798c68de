import CKernels
import Layers
import TensorCore
import Testing

/// Convolutions that Winograd's filtering serves.
enum WinogradCase {
  /// What a result may be off, as a share of the largest element: the rounding of a sum of so many terms and of the
  /// transforms' own, times how much the transform magnifies it.
  static func tolerance(_ transform: WinogradTransform, length: Int) -> Double {
    let magnification =
      switch transform {
      case .two, .four: 1.4
      case .six, .twoOfSeven: 10.0
      }
    return magnification * Double(Float.ulpOfOne) * Double(length + transform.products).squareRoot()
  }

  /// Whether this processor has the kernels.
  static let isSupported = tsr_panel_width() > 0

  /// Random cases: `taps` along each axis at stride 1, any padding and dilation, channels that fill vectors and panels and not.
  static func draw(_ count: Int, seed: UInt64, taps: Int = 3) -> [ConvolutionCase] {
    var stream = RandomStream(keys: 71, seed)
    func pair(_ values: [Int]) -> Pair {
      let height = values[stream.below(values.count)]
      return Pair(height, stream.below(3) == 0 ? values[stream.below(values.count)] : height)
    }
    var cases: [ConvolutionCase] = []
    while cases.count < count {
      let seed = UInt64(cases.count)
      let drawn = ConvolutionCase(
        batch: 1 + stream.below(3), output: Pair(1 + stream.below(15), 1 + stream.below(27)),
        inputs: 1 + stream.below(70), outputs: 1 + stream.below(70), kernel: Pair(taps, taps),
        padding: pair([0, 1, 1, 1, 2, 4]), dilation: pair([1, 1, 1, 2, 3, 4]), exact: false, seed: seed)
      if let drawn { cases.append(drawn) }
    }
    return cases
  }

  /// Cases that are cut in every way: blocks of tiles, passes, shared panels, blocks of weights.
  static func large(_ transform: WinogradTransform) -> [ConvolutionCase] {
    transform.taps == 3 ? large : wide
  }

  /// The same for 7×7 taps.
  private static let wide: [ConvolutionCase] = [
    .init(output: Pair(45, 33), inputs: 33, outputs: 40, kernel: 7, padding: 3, exact: false),
    .init(output: Pair(17, 20), inputs: 64, outputs: 36, kernel: 7, padding: 12, dilation: 4, exact: false),
    .init(output: 1, inputs: 200, outputs: 70, kernel: 7, exact: false),
  ].compactMap { $0 }

  private static let large: [ConvolutionCase] = [
    .init(output: Pair(90, 101), inputs: 33, outputs: 40, kernel: 3, padding: 1, exact: false),
    .init(batch: 2, output: Pair(9, 8), inputs: 256, outputs: 100, kernel: 3, padding: 1, exact: false),
    .init(output: Pair(60, 64), inputs: 128, outputs: 16, kernel: 3, padding: 1, exact: false),
    .init(output: Pair(121, 3), inputs: 40, outputs: 70, kernel: 3, padding: 2, dilation: 2, exact: false),
    .init(batch: 2, output: Pair(65, 50), inputs: 7, outputs: 5, kernel: 3, padding: 1, exact: false),
    // More tiles than a pass transforms, of so many channels that there is more than one pass.
    .init(output: 43, inputs: 512, outputs: 3, kernel: 3, padding: 1, exact: false),
  ].compactMap { $0 }
}

/// Records an issue unless every element is within a share of the largest expected one.
func expectNear(
  _ found: Tensor?, _ expected: Naive, within share: Double, _ what: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard let found, found.shape == expected.shape else {
    Issue.record("\(what): another shape than \(expected.shape)", sourceLocation: sourceLocation)
    return
  }
  let largest = expected.elements.reduce(0) { max($0, abs($1)) }
  for (index, (value, reference)) in zip(found.elements, expected.elements).enumerated()
  where !(abs(Double(value) - reference) <= share * largest) {
    Issue.record(
      "\(what): element \(index) of \(found.shape): expected \(reference), found \(value), largest \(largest)",
      sourceLocation: sourceLocation)
    return
  }
}
