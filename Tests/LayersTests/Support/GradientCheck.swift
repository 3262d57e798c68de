import Layers
import TensorCore
import Testing

/// Compares what `backward` writes with central differences of what `forward` writes.
///
/// The loss is a random projection of the outputs, summed in `Double`: only the rounding of outputs that a
/// step moves disturbs a difference, and that sets the tolerance. Operators with kinks (max pooling, ReLU)
/// need inputs that stay away from them by more than `step`: see `Tensor.distinct`.
struct GradientCheck {
  /// How far an element is moved each way; a power of two, so that the step itself is exact.
  var step: Float = 0x1p-6
  /// The longest sum behind one output, for the rounding of forward.
  var reduction = 1
  /// What curvature may add, relative to the gradient.
  var relative = 1e-3
  /// The most elements of each input or parameter that are moved, taken at equal distances.
  var elements = 60

  /// Checks the gradients of all inputs (or those `wanted`) and all trained parameters.
  ///
  /// - Parameters:
  ///   - outputs: the outputs through which gradients flow; the others get `nil`.
  ///   - wanted: whether each input is differentiated.
  func run(
    _ op: any Operator, inputs: [Tensor], parameters: [Tensor] = [], outputs: [Int] = [0],
    wanted: [Bool]? = nil, mode: Mode = .training, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let harness = OperatorHarness(op, inputs: inputs, parameters: parameters, mode: mode)
    let shapes = try op.outputShapes(for: inputs.map(\.shape))
    let projection = shapes.enumerated().map { index, shape in
      outputs.contains(index) ? Tensor.random(shape, seed: UInt64(900 + index)) : nil
    }
    let gradients = try harness.backward(projection, wanted: wanted, sourceLocation: sourceLocation)
    for (index, gradient) in gradients.inputs.enumerated() {
      guard let gradient else { continue }
      try compare(gradient, "input \(index)", harness, projection, sourceLocation) { harness, element, by in
        harness.inputs[index].withUnsafeMutableElements { $0[element] += by }
      }
    }
    for (index, gradient) in gradients.parameters.enumerated() {
      guard let gradient else { continue }
      try compare(gradient, "parameter \(index)", harness, projection, sourceLocation) {
        harness, element, by in
        harness.parameters[index].withUnsafeMutableElements { $0[element] += by }
      }
    }
  }

  private func compare(
    _ gradient: Tensor, _ what: String, _ harness: OperatorHarness, _ projection: [Tensor?],
    _ sourceLocation: SourceLocation, move: (inout OperatorHarness, Int, Float) -> Void
  ) throws {
    let found = gradient.elements
    for element in stride(from: 0, to: found.count, by: max(1, (found.count + elements - 1) / elements)) {
      var (ahead, behind) = (harness, harness)
      move(&ahead, element, step)
      move(&behind, element, -step)
      let high = try ahead.forward(.init(), sourceLocation: sourceLocation).outputs
      let low = try behind.forward(.init(), sourceLocation: sourceLocation).outputs
      let (expected, rounding) = difference(high, low, projection)
      let tolerance = rounding + relative * max(1, abs(expected))
      if !(abs(Double(found[element]) - expected) <= tolerance) {
        Issue.record(
          """
          \(harness.op.label): gradient of \(what) at \(element): expected \(expected), \
          found \(found[element]), tolerance \(tolerance)
          """, sourceLocation: sourceLocation)
        return
      }
    }
  }

  /// The difference quotient of the projection and a bound on its rounding error.
  private func difference(
    _ high: [Tensor], _ low: [Tensor], _ projection: [Tensor?]
  ) -> (value: Double, rounding: Double) {
    var (value, rounding) = (0.0, 0.0)
    for (index, weights) in projection.enumerated() {
      guard let weights else { continue }
      let (above, below, weight) = (high[index].elements, low[index].elements, weights.elements)
      for place in weight.indices where above[place] != below[place] {
        value += Double(weight[place]) * (Double(above[place]) - Double(below[place]))
        rounding += abs(Double(weight[place])) * max(1, abs(Double(above[place])))
      }
    }
    let unit = Double(Float.ulpOfOne) * Double(reduction).squareRoot()
    return (value / Double(2 * step), rounding * 2 * unit / Double(2 * step))
  }
}
