import Layers
import TensorCore
import Testing

/// Runs one operator outside of any plan, in memory that is poisoned wherever the operator must write or must
/// not read.
///
///     let harness = OperatorHarness(MaxPool2D(kernel: 2, stride: 2), inputs: [image])
///     let outputs = try harness.forward().outputs
///     let gradients = try harness.backward([gradient, nil])
///
/// `forward` and `backward` run on one and on two threads, in contiguous memory and in slices of wider
/// activations, and record an issue unless the results agree in every bit.
struct OperatorHarness {
  /// The operator under test.
  var op: any Operator
  /// Activations `[N, H, W, C]`.
  var inputs: [Tensor]
  /// Parameters, in the order of the operator's specs.
  var parameters: [Tensor]
  /// Inference or training.
  var mode: Mode
  /// The seed of the pass.
  var seed: UInt64
  /// The name of the algorithm to run; `nil` for the operator's first.
  var algorithm: String?

  /// A harness around an operator.
  init(
    _ op: any Operator, inputs: [Tensor], parameters: [Tensor] = [], mode: Mode = .training,
    seed: UInt64 = 1, algorithm: String? = nil
  ) {
    self.op = op
    self.inputs = inputs
    self.parameters = parameters
    self.mode = mode
    self.seed = seed
    self.algorithm = algorithm
  }

  /// The shapes of the inputs.
  var shapes: [Shape] { inputs.map(\.shape) }

  /// What a forward run wrote.
  struct Result: Equatable {
    /// The outputs.
    var outputs: [Tensor]
    /// What is kept for backward; empty in inference.
    var saved: [Tensor]
    /// The parameters afterwards: batch norm changes its running statistics.
    var parameters: [Tensor]
  }

  /// What a backward run wrote; `nil` where no gradient was asked for.
  struct Gradients: Equatable {
    /// Of the inputs.
    var inputs: [Tensor?]
    /// Of the parameters; `nil` for those that are not trained.
    var parameters: [Tensor?]
  }

  /// One way to run.
  struct Way: CustomStringConvertible {
    /// Threads of the pool.
    var threads = 1
    /// Whether activations are slices of wider ones.
    var gaps = false

    /// What distinguishes this way.
    var description: String { "\(threads) threads, \(gaps ? "with" : "without") gaps" }

    /// All ways, whose results must agree.
    static let all = [Way(), Way(threads: 2), Way(gaps: true), Way(threads: 2, gaps: true)]
  }

  /// Runs forward in every way and checks that the results agree.
  func forward(sourceLocation: SourceLocation = #_sourceLocation) throws -> Result {
    let first = try forward(Way.all[0], sourceLocation: sourceLocation)
    for way in Way.all.dropFirst() {
      let other = try forward(way, sourceLocation: sourceLocation)
      if other != first {
        Issue.record("\(op.label) forward: \(way): other bits", sourceLocation: sourceLocation)
      }
    }
    return first
  }

  /// Runs forward and backward in every way and checks that the gradients agree.
  ///
  /// - Parameters:
  ///   - outputGradients: one for each output, `nil` where no gradient flows.
  ///   - wanted: whether the gradient of each input is asked for; all by default.
  func backward(
    _ outputGradients: [Tensor?], wanted: [Bool]? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Gradients {
    let first = try backward(outputGradients, wanted: wanted, Way.all[0], sourceLocation: sourceLocation)
    for way in Way.all.dropFirst() {
      let other = try backward(outputGradients, wanted: wanted, way, sourceLocation: sourceLocation)
      if other != first {
        Issue.record("\(op.label) backward: \(way): other bits", sourceLocation: sourceLocation)
      }
    }
    if shapes.indices.contains(where: op.accumulates(input:)) {
      for way in Way.all {
        let sums = try backward(
          outputGradients, wanted: wanted, adds: true, way, sourceLocation: sourceLocation)
        checkAccumulation(sums, first, "\(way)", sourceLocation)
      }
    }
    return first
  }

  /// What stands where gradients of an input are to be added.
  private func standing(_ input: Int) -> Tensor { .random(shapes[input], seed: UInt64(700 + input)) }

  /// Checks that gradients were added to what stood there, but for the rounding of another order.
  private func checkAccumulation(
    _ found: Gradients, _ plain: Gradients, _ way: String, _ sourceLocation: SourceLocation
  ) {
    for (index, (sum, gradient)) in zip(found.inputs, plain.inputs).enumerated() {
      guard let sum, let gradient, op.accumulates(input: index) else { continue }
      let largest = gradient.elements.reduce(1) { max($0, abs($1)) }
      let expected = zip(gradient.elements, standing(index).elements).map { $0 + $1 }
      let isClose = zip(sum.elements, expected).allSatisfy { abs($0 - $1) <= 1e-5 * largest }
      if !isClose {
        Issue.record(
          "\(op.label) backward: \(way): input \(index) is not added", sourceLocation: sourceLocation)
      }
    }
  }

  /// Runs forward in one way.
  func forward(_ way: Way, sourceLocation: SourceLocation = #_sourceLocation) throws -> Result {
    let inputs = self.inputs.map { ActivationMemory($0, gaps: way.gaps) }
    let outputs = try op.outputShapes(for: shapes).map { ActivationMemory($0, gaps: way.gaps) }
    let savedShapes = mode == .training ? op.savedShapes(for: shapes) : []
    let saved = savedShapes.map { ActivationMemory($0, gaps: false) }
    let blocks = parameters.map { GuardedBlock($0) }
    let pool = ThreadPool(threads: way.threads)
    let chosen = chooseAlgorithm(.forward)
    let packed = chosen.map { pack($0, pool: pool) }
    let workspace = workspace(.forward, chosen, threads: way.threads)
    withExtendedLifetime((inputs, outputs, saved, blocks, packed)) {
      op.forward(
        ForwardPass(
          inputs: inputs.map(\.view), outputs: outputs.map(\.view), saved: saved.map(\.view),
          parameters: blocks.map(\.pointer), algorithm: chosen,
          packed: packed.map { UnsafePointer($0.pointer) }, workspace: workspace.pointer, mode: mode,
          seed: seed, pool: pool))
    }
    workspace.checkGuard("\(op.label) forward workspace", sourceLocation: sourceLocation)
    return Result(
      outputs: outputs.enumerated().map {
        $1.written("\(op.label) output \($0)", sourceLocation: sourceLocation)
      },
      saved: saved.enumerated().map {
        $1.written("\(op.label) saved \($0)", sourceLocation: sourceLocation)
      },
      parameters: zip(blocks, parameters).map {
        $0.written($1.shape, "\(op.label) parameter", sourceLocation: sourceLocation)
      })
  }

  /// Runs forward and backward in one way; what `backwardReads` does not name is poison in the backward run.
  func backward(
    _ outputGradients: [Tensor?], wanted: [Bool]? = nil, adds: Bool = false, _ way: Way,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Gradients {
    let result = try forward(way, sourceLocation: sourceLocation)
    let keepsInputs = op.backwardReads.contains(.inputs)
    let keepsOutputs = op.backwardReads.contains(.outputs)
    let inputs = self.inputs.enumerated().map {
      remembered($1, keepsInputs && op.backwardReads(input: $0), way)
    }
    let outputs = result.outputs.map { remembered($0, keepsOutputs, way) }
    let saved = result.saved.map { ActivationMemory($0, gaps: false) }
    let blocks = parameters.map { GuardedBlock($0) }
    let specs = op.parameterSpecs(for: shapes)
    let gradients = outputGradients.map { $0.map { ActivationMemory($0, gaps: way.gaps) } }
    let accumulations = shapes.indices.map { adds && op.accumulates(input: $0) }
    let inputGradients = self.inputs.enumerated().map { index, input -> ActivationMemory? in
      guard wanted?[index] ?? true else { return nil }
      return accumulations[index]
        ? ActivationMemory(standing(index), gaps: way.gaps) : ActivationMemory(input.shape, gaps: way.gaps)
    }
    let parameterGradients = specs.map { $0.isTrained ? GuardedBlock(count: $0.shape.count) : nil }
    let pool = ThreadPool(threads: way.threads)
    let chosen = chooseAlgorithm(.backward)
    let packed = chosen.map { pack($0, pool: pool) }
    let weightGradient = op.weightGradients(for: shapes).first
    let workspace = workspace(.backward, chosen, weightGradient, threads: way.threads)
    withExtendedLifetime((inputs, outputs, saved, blocks, gradients, packed)) {
      op.backward(
        BackwardPass(
          inputs: inputs.map(\.view), outputs: outputs.map(\.view), saved: saved.map(\.view),
          parameters: blocks.map(\.pointer), outputGradients: gradients.map { $0?.view },
          inputGradients: inputGradients.map { $0?.view }, accumulations: accumulations,
          parameterGradients: parameterGradients.map { $0?.pointer }, algorithm: chosen,
          packed: packed.map { UnsafePointer($0.pointer) }, weightGradient: weightGradient,
          workspace: workspace.pointer, seed: seed, pool: pool))
    }
    workspace.checkGuard("\(op.label) backward workspace", sourceLocation: sourceLocation)
    for block in parameterGradients {
      block?.checkGuard("\(op.label) parameter gradient", sourceLocation: sourceLocation)
    }
    return Gradients(
      inputs: inputGradients.enumerated().map {
        $1?.written("\(op.label) gradient of input \($0)", sourceLocation: sourceLocation)
      },
      parameters: zip(parameterGradients, specs).map {
        $0?.written($1.shape, "\(op.label) gradient of \($1.name)", sourceLocation: sourceLocation)
      })
  }

  private func remembered(_ tensor: Tensor, _ keeps: Bool, _ way: Way) -> ActivationMemory {
    keeps ? ActivationMemory(tensor, gaps: way.gaps) : ActivationMemory(tensor.shape, gaps: way.gaps)
  }

  private func chooseAlgorithm(_ direction: Direction) -> (any Algorithm)? {
    let candidates = op.algorithms(for: shapes, direction)
    guard let algorithm, direction == .forward else { return candidates.first }
    let named = candidates.first { $0.name == algorithm }
    if named == nil { Issue.record("\(op.label): no algorithm \(algorithm)") }
    return named
  }

  private func pack(_ algorithm: any Algorithm, pool: ThreadPool) -> GuardedBlock {
    guard algorithm.packedCount > 0 else { return GuardedBlock(parameters[0]) }
    let packed = GuardedBlock(count: algorithm.packedCount)
    parameters[0].withUnsafeElements { weight in
      if let base = weight.baseAddress { algorithm.pack(base, into: packed.pointer, pool: pool) }
    }
    return packed
  }

  private func workspace(
    _ direction: Direction, _ algorithm: (any Algorithm)?,
    _ weightGradient: (any WeightGradientAlgorithm)? = nil, threads: Int
  ) -> GuardedBlock {
    let own = op.workspace(for: shapes, direction, threads: threads)
    let ofAlgorithms = [
      algorithm?.workspace(threads: threads), weightGradient?.workspace(threads: threads),
    ]
    return GuardedBlock(count: ofAlgorithms.reduce(own) { max($0, $1 ?? 0) })
  }
}
