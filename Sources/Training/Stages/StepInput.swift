import TensorCore

/// One input of the plan that a step runs on.
struct StepInput {
  /// The input's name.
  let name: String
  /// The shape that the plan is made for.
  let shape: Shape
  /// Writes the input's elements.
  let write: (TensorView) -> Void
}
