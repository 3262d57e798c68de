import TensorCore
import Testing

/// An activation in `Double`, for reference implementations that are slow and plain.
struct Naive {
  /// `[N, H, W, C]`.
  let shape: Shape
  /// The elements, channels last.
  var elements: [Double]

  /// Zeros.
  init(_ shape: Shape) {
    self.shape = shape
    elements = Array(repeating: 0, count: shape.count)
  }

  /// A copy of a tensor.
  init(_ tensor: Tensor) {
    shape = tensor.shape
    elements = tensor.elements.map(Double.init)
  }

  /// The element of image `n`, row `y`, column `x`, channel `c`.
  subscript(n: Int, y: Int, x: Int, c: Int) -> Double {
    get { elements[index(n, y, x, c)] }
    set { elements[index(n, y, x, c)] = newValue }
  }

  /// The element, or `outside` beyond the border.
  func at(_ n: Int, _ y: Int, _ x: Int, _ c: Int, outside: Double = 0) -> Double {
    guard (0..<shape.height).contains(y), (0..<shape.width).contains(x) else { return outside }
    return self[n, y, x, c]
  }

  /// Sets every element from its place `(n, y, x, c)`.
  static func make(_ shape: Shape, _ value: (Int, Int, Int, Int) -> Double) -> Naive {
    var result = Naive(shape)
    result.forEach { n, y, x, c in result[n, y, x, c] = value(n, y, x, c) }
    return result
  }

  /// Calls `body` with every place.
  func forEach(_ body: (_ n: Int, _ y: Int, _ x: Int, _ c: Int) -> Void) {
    for n in 0..<shape.batch {
      for y in 0..<shape.height {
        for x in 0..<shape.width {
          for c in 0..<shape.channels { body(n, y, x, c) }
        }
      }
    }
  }

  private func index(_ n: Int, _ y: Int, _ x: Int, _ c: Int) -> Int {
    ((n * shape.height + y) * shape.width + x) * shape.channels + c
  }
}

/// Records an issue unless every element is within rounding of the expected one.
///
/// The tolerance of an element is `4 · ulp · sqrt(reduction) · max(1, |expected|)`, `reduction` being the
/// number of terms in the sum behind it; never a mean over elements. Both must be NaN, or neither.
func expectClose(
  _ found: Tensor?, _ expected: Naive, reduction: Int = 1, _ what: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard let found, found.shape == expected.shape else {
    Issue.record(
      "\(what) expected \(expected.shape), found \(String(describing: found?.shape))",
      sourceLocation: sourceLocation)
    return
  }
  let unit = 4 * Double(Float.ulpOfOne) * Double(max(1, reduction)).squareRoot()
  for (index, (value, reference)) in zip(found.elements, expected.elements).enumerated() {
    if value.isNaN && reference.isNaN || Double(value) == reference { continue }
    if !(abs(Double(value) - reference) <= unit * max(1, abs(reference))) {
      Issue.record(
        "\(what) element \(index) of \(found.shape): expected \(reference), found \(value)",
        sourceLocation: sourceLocation)
      return
    }
  }
}
