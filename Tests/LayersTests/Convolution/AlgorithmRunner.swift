import Layers
import TensorCore
import Testing

/// Runs one convolution algorithm by itself, in poisoned memory, in every way of `OperatorHarness.Way` and on three
/// threads; records an issue unless all results have the same bits.
struct AlgorithmRunner {
  let algorithm: any Algorithm
  let weight: Tensor
  var bias: Tensor?

  static let ways = OperatorHarness.Way.all + [.init(threads: 3)]

  func run(_ input: Tensor, to output: Shape, sourceLocation: SourceLocation = #_sourceLocation) -> Tensor {
    let results = Self.ways.map { run(input, to: output, $0, sourceLocation) }
    for (way, result) in zip(Self.ways, results) where result != results[0] {
      Issue.record("\(algorithm.name): \(way): other bits", sourceLocation: sourceLocation)
    }
    return results[0]
  }

  private func run(
    _ input: Tensor, to output: Shape, _ way: OperatorHarness.Way, _ sourceLocation: SourceLocation
  ) -> Tensor {
    let pool = ThreadPool(threads: way.threads)
    let (source, target) = (ActivationMemory(input, gaps: way.gaps), ActivationMemory(output, gaps: way.gaps))
    let packed = GuardedBlock(count: algorithm.packedCount)
    let workspace = GuardedBlock(count: algorithm.workspace(threads: way.threads))
    let offset = bias.map { GuardedBlock($0) }
    weight.withUnsafeElements { weight in
      if let base = weight.baseAddress { algorithm.pack(base, into: packed.pointer, pool: pool) }
    }
    withExtendedLifetime((source, target, packed, workspace, offset)) {
      algorithm.run(
        source.view, packed: packed.pointer, bias: offset.map { UnsafePointer($0.pointer) },
        output: target.view, workspace: workspace.pointer, pool: pool)
    }
    let name = algorithm.name
    packed.checkGuard("\(name) packed weights", sourceLocation: sourceLocation)
    workspace.checkGuard("\(name) workspace", sourceLocation: sourceLocation)
    _ = packed.written([algorithm.packedCount], "\(name) packed weights", sourceLocation: sourceLocation)
    return target.written("\(name) output", sourceLocation: sourceLocation)
  }
}
