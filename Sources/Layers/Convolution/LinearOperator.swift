import TensorCore

extension FoldableOperator {
  /// Runs the chosen algorithm on input, packed weights and bias.
  func runLinear(_ pass: ForwardPass) {
    guard let algorithm = pass.algorithm else {
      preconditionFailure("a plan chooses an algorithm for \(label)")
    }
    let weights = pass.packed ?? UnsafePointer(pass.parameters[0])
    algorithm.run(
      pass.inputs[0], packed: weights, bias: bias ? UnsafePointer(pass.parameters[1]) : nil,
      addend: pass.inputs.count > 1 ? pass.inputs[1] : nil, output: pass.outputs[0],
      workspace: pass.workspace, pool: pass.pool)
  }

  /// The way to the gradient of the weight that was chosen for a pass.
  func weightGradient(of pass: BackwardPass) -> any WeightGradientAlgorithm {
    guard let algorithm = pass.weightGradient else {
      preconditionFailure("a plan chooses an algorithm for the gradient of the weight of \(label)")
    }
    return algorithm
  }

  /// What the algorithms do with an addend.
  public func accumulates(input: Int) -> Bool { true }

  /// Writes the gradients of the bias and the input; that of the weight is the operator's own.
  func runLinearBackward(_ pass: BackwardPass) {
    guard let gradient = pass.outputGradients[0] else { return }
    if bias, let target = pass.parameterGradients[1] {
      ChannelSums.run(gradient, into: target, workspace: pass.workspace, pool: pass.pool)
    }
    if let target = pass.inputGradients[0] {
      guard let algorithm = pass.algorithm else {
        preconditionFailure("a plan chooses an algorithm for \(label)")
      }
      algorithm.run(
        gradient, packed: pass.packed ?? UnsafePointer(pass.parameters[0]), bias: nil,
        addend: pass.accumulates(input: 0) ? target : nil, output: target, workspace: pass.workspace,
        pool: pass.pool)
    }
  }
}
