import Layers
import TensorCore
import Testing

/// Runs one algorithm for the gradient of a weight, in poisoned memory, in every way of `AlgorithmRunner`; records an
/// issue unless all results have the same bits.
struct WeightGradientRunner {
  let algorithm: any WeightGradientAlgorithm
  let drawn: ConvolutionCase

  func run() -> Tensor {
    let results = AlgorithmRunner.ways.map(run)
    for (way, result) in zip(AlgorithmRunner.ways, results) where result != results[0] {
      Issue.record("\(algorithm.name): \(drawn): \(way): other bits")
    }
    return results[0]
  }

  private func run(_ way: OperatorHarness.Way) -> Tensor {
    let input = ActivationMemory(drawn.input, gaps: way.gaps)
    let flow = ActivationMemory(drawn.outputGradient, gaps: way.gaps)
    let shape = drawn.reference.weightShape
    let result = GuardedBlock(count: shape.count)
    let workspace = GuardedBlock(count: algorithm.workspace(threads: way.threads))
    withExtendedLifetime((input, flow)) {
      algorithm.run(
        input: input.view, outputGradient: flow.view, into: result.pointer, workspace: workspace.pointer,
        pool: ThreadPool(threads: way.threads))
    }
    workspace.checkGuard("\(drawn): workspace", sourceLocation: #_sourceLocation)
    result.checkGuard("\(drawn): gradient", sourceLocation: #_sourceLocation)
    return result.written(shape, "\(drawn): gradient", sourceLocation: #_sourceLocation)
  }
}
