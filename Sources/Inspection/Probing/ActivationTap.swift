import Layers
import TensorCore

/// Passes an activation on, and keeps the gradient that comes back: that of a parameter that changes nothing.
struct ActivationTap: Operator {
  /// The parameter's name, whose gradient is that of the activation.
  static let parameter = "gradient"

  var label: String { "tap" }
  var backwardReads: BackwardReads { [] }

  func outputShapes(for inputs: [Shape]) throws(LayerError) -> [Shape] { inputs }

  func parameterSpecs(for inputs: [Shape]) -> [ParameterSpec] {
    [ParameterSpec(Self.parameter, [inputs[0].count], .constant(0))]
  }

  func forward(_ pass: ForwardPass) { pass.outputs[0].copy(from: pass.inputs[0]) }

  func backward(_ pass: BackwardPass) {
    guard let gradient = pass.outputGradients[0] else { return }
    pass.inputGradients[0]?.copy(from: gradient)
    guard let kept = pass.parameterGradients[0] else { return }
    TensorView(kept, shape: gradient.shape).copy(from: gradient)
  }
}

/// The sum of all elements of an activation, each by a weight of its own: what a gradient is taken of.
struct WeightedTotal: Operator {
  /// The parameter's name, a weight for each element.
  static let parameter = "weights"

  var label: String { "weighted_total" }
  var backwardReads: BackwardReads { [] }

  func outputShapes(for inputs: [Shape]) throws(LayerError) -> [Shape] { [[1, 1, 1, 1]] }

  func parameterSpecs(for inputs: [Shape]) -> [ParameterSpec] {
    [ParameterSpec(Self.parameter, [inputs[0].count], .constant(0), isTrained: false)]
  }

  func forward(_ pass: ForwardPass) {
    let (input, weights) = (pass.inputs[0], pass.parameters[0])
    var sum = 0.0
    for pixel in 0..<input.pixels {
      let (values, factors) = (input.pixel(pixel), weights + pixel * input.channels)
      for channel in 0..<input.channels { sum += Double(values[channel]) * Double(factors[channel]) }
    }
    pass.outputs[0].pointer.pointee = Float(sum)
  }

  func backward(_ pass: BackwardPass) {
    guard let target = pass.inputGradients[0] else { return }
    let scale = pass.outputGradients[0]?.pointer.pointee ?? 0
    for pixel in 0..<target.pixels {
      let (gradient, factors) = (target.pixel(pixel), pass.parameters[0] + pixel * target.channels)
      for channel in 0..<target.channels { gradient[channel] = factors[channel] * scale }
    }
  }
}
