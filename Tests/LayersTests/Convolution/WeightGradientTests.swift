import Layers
import TensorCore
import Testing

@Suite struct WeightGradientTests {
  private func check(_ drawn: ConvolutionCase) {
    let reference = drawn.reference
    let results = AlgorithmRunner.ways.map { run(drawn, $0) }
    for (way, result) in zip(AlgorithmRunner.ways, results) where result != results[0] {
      Issue.record("\(drawn): \(way): other bits")
    }
    expectSum(
      results[0], reference.weightGradient(drawn.input, drawn.outputGradient),
      length: reference.lengths.weightGradient, exact: drawn.exact, "\(drawn)")
  }

  private func run(_ drawn: ConvolutionCase, _ way: OperatorHarness.Way) -> Tensor {
    let gradient = WeightGradient(geometry: drawn.geometry)
    let input = ActivationMemory(drawn.input, gaps: way.gaps)
    let flow = ActivationMemory(drawn.outputGradient, gaps: way.gaps)
    let shape = drawn.reference.weightShape
    let result = GuardedBlock(count: shape.count)
    let workspace = GuardedBlock(count: gradient.workspace(threads: way.threads))
    withExtendedLifetime((input, flow)) {
      gradient.run(
        input: input.view, outputGradient: flow.view, into: result.pointer, workspace: workspace.pointer,
        pool: ThreadPool(threads: way.threads))
    }
    workspace.checkGuard("\(drawn): workspace", sourceLocation: #_sourceLocation)
    result.checkGuard("\(drawn): gradient", sourceLocation: #_sourceLocation)
    return result.written(shape, "\(drawn): gradient", sourceLocation: #_sourceLocation)
  }

  @Test func sweep() { for drawn in ConvolutionCase.draw(120, seed: 4) { check(drawn) } }

  @Test func blocksAndParts() { for drawn in ConvolutionCase.large { check(drawn) } }
}
