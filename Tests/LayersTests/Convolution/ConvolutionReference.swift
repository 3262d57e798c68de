import Layers
import TensorCore
import Testing

/// Convolution and its gradients as plain sums in `Double`, from the definition.
struct ConvolutionReference {
  let geometry: ConvolutionGeometry

  var inputShape: Shape {
    Shape(
      batch: geometry.batch, height: geometry.input.height, width: geometry.input.width,
      channels: geometry.inputChannels)
  }

  var outputShape: Shape {
    Shape(
      batch: geometry.batch, height: geometry.output.height, width: geometry.output.width,
      channels: geometry.outputChannels)
  }

  /// `OIHW`.
  var weightShape: Shape {
    [
      geometry.outputChannels, geometry.inputChannels / geometry.groups, geometry.kernel.height,
      geometry.kernel.width,
    ]
  }

  func output(_ input: Tensor, _ weight: Tensor, bias: Tensor? = nil) -> Naive {
    var result = Naive(outputShape)
    if let bias = bias?.elements {
      for index in result.elements.indices {
        result.elements[index] = Double(bias[index % geometry.outputChannels])
      }
    }
    let (x, w) = (Naive(input).elements, Naive(weight).elements)
    forEachProduct { i, k, o in result.elements[o] += w[k] * x[i] }
    return result
  }

  func inputGradient(_ outputGradient: Tensor, _ weight: Tensor, bias: Tensor? = nil) -> Naive {
    var result = Naive(inputShape)
    if let bias = bias?.elements {
      for index in result.elements.indices {
        result.elements[index] = Double(bias[index % geometry.inputChannels])
      }
    }
    let (g, w) = (Naive(outputGradient).elements, Naive(weight).elements)
    forEachProduct { i, k, o in result.elements[i] += w[k] * g[o] }
    return result
  }

  func weightGradient(_ input: Tensor, _ outputGradient: Tensor) -> Naive {
    var result = Naive(weightShape)
    let (x, g) = (Naive(input).elements, Naive(outputGradient).elements)
    forEachProduct { i, k, o in result.elements[k] += x[i] * g[o] }
    return result
  }

  func biasGradient(_ outputGradient: Tensor) -> Naive {
    var result = Naive([1, 1, 1, geometry.outputChannels])
    for (index, value) in outputGradient.elements.enumerated() {
      result.elements[index % geometry.outputChannels] += Double(value)
    }
    return result
  }

  /// Calls `body` with the places of input element, weight and output element of every product.
  @inline(__always)
  private func forEachProduct(_ body: (_ input: Int, _ weight: Int, _ output: Int) -> Void) {
    let g = geometry
    let (inputs, outputs) = (g.inputChannels / g.groups, g.outputChannels / g.groups)
    for n in 0..<g.batch {
      for oy in 0..<g.output.height {
        for ox in 0..<g.output.width {
          for ky in 0..<g.kernel.height {
            let y = oy * g.stride.height - g.padding.height + ky * g.dilation.height
            guard y >= 0, y < g.input.height else { continue }
            for kx in 0..<g.kernel.width {
              let x = ox * g.stride.width - g.padding.width + kx * g.dilation.width
              guard x >= 0, x < g.input.width else { continue }
              for o in 0..<g.outputChannels {
                let output = ((n * g.output.height + oy) * g.output.width + ox) * g.outputChannels + o
                let first =
                  ((n * g.input.height + y) * g.input.width + x) * g.inputChannels + o / outputs * inputs
                for i in 0..<inputs {
                  let weight = ((o * inputs + i) * g.kernel.height + ky) * g.kernel.width + kx
                  body(first + i, weight, output)
                }
              }
            }
          }
        }
      }
    }
  }
}

extension ConvolutionReference {
  /// Terms of the longest sum behind an output, an element of the input's gradient and one of the weight's.
  var lengths: (output: Int, inputGradient: Int, weightGradient: Int) {
    let taps = geometry.kernel.height * geometry.kernel.width
    return (
      taps * geometry.inputChannels / geometry.groups + 1,
      taps * geometry.outputChannels / geometry.groups + 1,
      geometry.batch * geometry.output.height * geometry.output.width
    )
  }
}

/// Records an issue unless every element is the expected one: exactly for sums of whole numbers, which have no
/// rounding in any order, and otherwise within that of a sum of `length` products.
///
/// A sum of n random products grows like √n and is rounded n times, so that its error grows like n · ulp.
func expectSum(
  _ found: Tensor?, _ expected: Naive, length: Int, exact: Bool, _ what: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard exact else {
    return expectClose(
      found, expected, reduction: length + length * length / 16, what, sourceLocation: sourceLocation)
  }
  guard let found, found.shape == expected.shape else {
    Issue.record("\(what): another shape than \(expected.shape)", sourceLocation: sourceLocation)
    return
  }
  for (index, (value, reference)) in zip(found.elements, expected.elements).enumerated()
  where Double(value) != reference {
    Issue.record(
      "\(what): element \(index) of \(found.shape): expected \(reference), found \(value)",
      sourceLocation: sourceLocation)
    return
  }
}
