import Layers
import TensorCore
import Testing

/// Runs one convolution algorithm by itself, in poisoned memory, in every way of `OperatorHarness.Way` and on three
/// threads; records an issue unless all results have the same bits.
struct AlgorithmRunner {
  let algorithm: any Algorithm
  let weight: Tensor
  var bias: Tensor?
  /// Added from memory of its own, and from the output's, which must give the same.
  var addend: Tensor?

  static let ways = OperatorHarness.Way.all + [.init(threads: 3)]

  func run(_ input: Tensor, to output: Shape, sourceLocation: SourceLocation = #_sourceLocation) -> Tensor {
    let runs = Self.ways.flatMap { way in
      (addend == nil ? [false] : [false, true]).map { (way, inPlace: $0) }
    }
    let results = runs.map { run(input, to: output, $0.0, inPlace: $0.inPlace, sourceLocation) }
    for (way, result) in zip(runs, results) where result != results[0] {
      Issue.record("\(algorithm.name): \(way): other bits", sourceLocation: sourceLocation)
    }
    return results[0]
  }

  private func run(
    _ input: Tensor, to output: Shape, _ way: OperatorHarness.Way, inPlace: Bool,
    _ sourceLocation: SourceLocation
  ) -> Tensor {
    let pool = ThreadPool(threads: way.threads)
    let source = ActivationMemory(input, gaps: way.gaps)
    let other = addend.map { ActivationMemory($0, gaps: way.gaps) }
    let target = inPlace ? other ?? source : ActivationMemory(output, gaps: way.gaps)
    let packed = GuardedBlock(count: algorithm.packedCount)
    let workspace = GuardedBlock(count: algorithm.workspace(threads: way.threads))
    let offset = bias.map { GuardedBlock($0) }
    let stored = GuardedBlock(weight)
    if algorithm.packedCount > 0 { algorithm.pack(stored.pointer, into: packed.pointer, pool: pool) }
    withExtendedLifetime((source, other, target, packed, workspace, offset, stored)) {
      algorithm.run(
        source.view, packed: algorithm.packedCount > 0 ? packed.pointer : stored.pointer,
        bias: offset.map { UnsafePointer($0.pointer) },
        addend: other?.view, output: target.view, workspace: workspace.pointer, pool: pool)
    }
    let name = algorithm.name
    packed.checkGuard("\(name) packed weights", sourceLocation: sourceLocation)
    workspace.checkGuard("\(name) workspace", sourceLocation: sourceLocation)
    _ = packed.written([algorithm.packedCount], "\(name) packed weights", sourceLocation: sourceLocation)
    return target.written("\(name) output", sourceLocation: sourceLocation)
  }
}
