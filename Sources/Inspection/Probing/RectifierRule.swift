import Layers
import TensorCore

/// What a ReLU passes back.
public enum RectifierRule: Sendable, Hashable {
  /// The gradient: what comes back, where the activation is positive.
  case derivative
  /// What comes back, where that itself is positive (Zeiler and Fergus 2014, arXiv:1311.2901, section 2.1).
  case deconvolution
  /// What comes back, where both are positive (Springenberg et al. 2015, arXiv:1412.6806, section 3.4).
  case guided
}

/// A ReLU with another backward rule.
struct RuledRectifier: Operator {
  let rule: RectifierRule

  var label: String { "relu" }
  var backwardReads: BackwardReads { rule == .deconvolution ? [] : .outputs }

  func outputShapes(for inputs: [Shape]) throws(LayerError) -> [Shape] { inputs }

  func forward(_ pass: ForwardPass) {
    let (input, output) = (pass.inputs[0], pass.outputs[0])
    for pixel in 0..<input.pixels {
      Activation.relu.apply(input.pixel(pixel), to: output.pixel(pixel), input.channels)
    }
  }

  func backward(_ pass: BackwardPass) {
    guard let target = pass.inputGradients[0] else { return }
    let (output, gradient) = (pass.outputs[0], pass.outputGradients[0])
    for pixel in 0..<target.pixels {
      let (to, from) = (target.pixel(pixel), gradient?.pixel(pixel))
      for channel in 0..<target.channels {
        let back = from?[channel] ?? 0
        let passes =
          switch rule {
          case .derivative: output.pixel(pixel)[channel] > 0
          case .deconvolution: back > 0
          case .guided: back > 0 && output.pixel(pixel)[channel] > 0
          }
        to[channel] = passes ? back : 0
      }
    }
  }
}
