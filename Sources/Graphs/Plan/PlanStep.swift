import Layers
import TensorCore

/// A node as a plan runs it: its memory, and the algorithms chosen for it.
struct PlanStep {
  /// Index of the node.
  let node: Int
  let operation: any Operator
  var inputs: [TensorView]
  var outputs: [TensorView]
  var saved: [TensorView]
  let parameters: [UnsafeMutablePointer<Float>]
  /// The full name of the weight that algorithms pack.
  let weight: String?
  let algorithm: (any Algorithm)?
  var workspace: UnsafeMutablePointer<Float>
  /// Where the weights are packed anew at every step; `nil` where the parameter store keeps them.
  let packed: UnsafeMutablePointer<Float>?
  /// What the backward run needs; `nil` where no gradient passes.
  var backward: Backward?

  struct Backward {
    let algorithm: (any Algorithm)?
    let weightGradient: (any WeightGradientAlgorithm)?
    let outputGradients: [TensorView?]
    /// Where the operator writes.
    let inputGradients: [TensorView?]
    /// Whether it adds to what another reader has written there.
    let accumulations: [Bool]
    /// Gradients that another reader has written before: what the operator wrote is added there.
    let additions: [(from: TensorView, into: TensorView)]
    let parameterGradients: [UnsafeMutablePointer<Float>?]
    let workspace: UnsafeMutablePointer<Float>
    let packed: UnsafeMutablePointer<Float>?
    /// Whether the operator itself runs; a concatenation whose inputs' gradients lie in its own need not.
    let runs: Bool
  }
}
