import Foundation
import Layers
import TensorCore

/// Batch norm, and what is added to it, by plain sums in `Double`.
struct BatchNormReference {
  let output: Naive
  let inference: Naive
  let inputGradient: Naive
  let addendGradient: Naive
  var weightGradient: [Double]
  var biasGradient: [Double]

  init(
    _ input: Tensor, _ gradient: Tensor, _ parameters: [Tensor], _ activation: Activation,
    addend: Tensor? = nil
  ) {
    let shape = input.shape
    let channels = shape.channels
    let pixels = Double(shape.pixels)
    let (x, g) = (Naive(input).elements, Naive(gradient).elements)
    let all = parameters.map { $0.elements.map(Double.init) }
    let shifts = addend.map { Naive($0).elements } ?? [Double](repeating: 0, count: x.count)
    var (output, inference, inputGradient) = (Naive(shape), Naive(shape), Naive(shape))
    var addendGradient = Naive(shape)
    weightGradient = []
    biasGradient = []
    for channel in 0..<channels {
      let places = Array(stride(from: channel, to: x.count, by: channels))
      let mean = places.reduce(0) { $0 + x[$1] } / pixels
      let variance = places.reduce(0) { $0 + (x[$1] - mean) * (x[$1] - mean) } / pixels
      let deviation = (variance + 1e-5).squareRoot()
      let (weight, bias) = (all[0][channel], all[1][channel])
      var (sum, product) = (0.0, 0.0)
      var mapped: [Double] = []
      for place in places {
        let normal = (x[place] - mean) / deviation
        let (value, slope) = Self.evaluate(activation, weight * normal + bias + shifts[place])
        output.elements[place] = value
        mapped.append(g[place] * slope)
        addendGradient.elements[place] = g[place] * slope
        sum += g[place] * slope
        product += g[place] * slope * normal
        let running = (x[place] - all[2][channel]) / (all[3][channel] + 1e-5).squareRoot()
        inference.elements[place] = Self.evaluate(activation, weight * running + bias + shifts[place]).value
      }
      for (place, gradient) in zip(places, mapped) {
        let normal = (x[place] - mean) / deviation
        inputGradient.elements[place] = weight / deviation * (gradient - (sum + normal * product) / pixels)
      }
      weightGradient.append(product)
      biasGradient.append(sum)
    }
    self.output = output
    self.inference = inference
    self.inputGradient = inputGradient
    self.addendGradient = addendGradient
  }

  private static func evaluate(_ activation: Activation, _ x: Double) -> (value: Double, slope: Double) {
    switch activation {
    case .relu: return (max(0, x), x > 0 ? 1 : 0)
    case .leakyReLU(let slope): return (x > 0 ? x : Double(slope) * x, x > 0 ? 1 : Double(slope))
    case .sigmoid:
      let value = 1 / (1 + exp(-x))
      return (value, value * (1 - value))
    default: return (x, 1)
    }
  }
}
