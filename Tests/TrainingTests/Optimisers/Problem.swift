import Foundation
import Graphs
import Layers
import Segmentation
import TensorCore

/// The parameters of a real plan, with gradients that a test writes.
struct Problem {
  let plan: Plan
  /// Every element as `Double`, in the order of the plan, as a test's own formula changes it.
  var expected: [Double]

  init(width: Int = 2, threads: Int = 1) throws {
    let graph = try UNet(classes: 2, width: width, depth: 1).graph().withLoss(SoftmaxCrossEntropy())
    let shape = Shape(batch: 1, height: 4, width: 4, channels: 3)
    plan = try Plan(
      graph, inputs: ["input": shape, Graph.labelsInput: shape.with(channels: 1)], mode: .training,
      parameters: try ParameterStore(graph, try graph.initialParameters(seed: 5)),
      pool: ThreadPool(threads: threads))
    expected = []
    expected = values.map(Double.init)
  }

  /// Every element, as the optimiser left it.
  var values: [Float] {
    plan.trained.flatMap { Array(UnsafeBufferPointer(start: $0.parameter, count: $0.shape.count)) }
  }

  /// Whether each element decays.
  var decays: [Bool] { plan.trained.flatMap { [Bool](repeating: $0.decays, count: $0.shape.count) } }

  /// Writes a gradient to every element that depends on its place and the step, and gives it.
  func writeGradients(step: Int) -> [Double] {
    var gradients: [Double] = []
    for item in plan.trained {
      for index in 0..<item.shape.count {
        let value = Float(sin(Double(gradients.count) * 0.7 + Double(step) * 1.3))
        item.gradient[index] = value
        gradients.append(Double(value))
      }
    }
    return gradients
  }

  /// The largest difference from `expected`, in units of the larger of 1 and the value.
  var error: Double {
    zip(values, expected).map { abs(Double($0) - $1) / max(1, abs($1)) }.max() ?? .infinity
  }
}
