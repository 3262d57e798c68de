import TensorCore

/// One kind of node in a network: a value that knows its shapes, its parameters, its cost, and how to run.
///
/// All activations are `[N, H, W, C]`; a vector of features is `[N, 1, 1, C]`. An operator holds no memory: a
/// plan gives it everything through a pass.
public protocol Operator: Hashable, Sendable {
  /// What the operator is called in summaries, such as `conv2d`.
  var label: String { get }

  /// The shapes of the outputs, from those of the inputs.
  ///
  /// - Throws: `LayerError` when the inputs do not suit.
  func outputShapes(for inputs: [Shape]) throws(LayerError) -> [Shape]

  /// The parameters that the operator reads, in the order in which a pass holds them.
  func parameterSpecs(for inputs: [Shape]) -> [ParameterSpec]

  /// Multiply-accumulates of one forward run.
  func macs(for inputs: [Shape]) -> Int

  /// How far an output looks at its input; `nil` for an operator that changes nothing about the receptive field.
  func window(for inputs: [Shape]) -> Window?

  /// The same of one of several outputs; the first one's is what `window(for:)` gives.
  func window(for inputs: [Shape], output: Int) -> Window?

  /// Whether the elements of an input matter; of a reference it is only the shape.
  func sees(input: Int) -> Bool

  /// What `backward` reads besides the gradients of the outputs.
  var backwardReads: BackwardReads { get }

  /// Whether it reads an input's elements, where `backwardReads` has the inputs.
  func backwardReads(input: Int) -> Bool

  /// Shapes of what `forward` keeps for `backward` in training, besides inputs and outputs.
  func savedShapes(for inputs: [Shape]) -> [Shape]

  /// Whether the first output is the first input unchanged, so that nothing need run.
  func isIdentity(for inputs: [Shape], mode: Mode) -> Bool

  /// The ways to run in this direction, the fastest first by estimate; empty for an operator with only one way.
  ///
  /// Backward, these serve the gradient of the first input.
  func algorithms(for inputs: [Shape], _ direction: Direction) -> [any Algorithm]

  /// The ways to the gradient of the weight, the fastest first; empty for an operator with only one way, or no weight.
  func weightGradients(for inputs: [Shape]) -> [any WeightGradientAlgorithm]

  /// Whether `backward` can add the gradient of an input to what stands there instead of writing it.
  func accumulates(input: Int) -> Bool

  /// Elements of scratch memory that a run needs besides that of its algorithms, on so many threads.
  func workspace(for inputs: [Shape], _ direction: Direction, threads: Int) -> Int

  /// Writes every element of the outputs, and of what is saved when the mode is training.
  func forward(_ pass: ForwardPass)

  /// Writes every element of the gradients of inputs and parameters that are asked for, or adds to those of inputs
  /// where the pass says so.
  func backward(_ pass: BackwardPass)
}

/// Whether a plan is to be trained or only run.
public enum Mode: Sendable, Hashable {
  /// Forward only; batch norm uses its running statistics and dropout does nothing.
  case inference
  /// Forward and backward; batch norm uses and updates statistics, dropout drops.
  case training
}

/// The direction of a run through an operator.
public enum Direction: Sendable, Hashable {
  /// Inputs to outputs.
  case forward
  /// Gradients of outputs to gradients of inputs and parameters.
  case backward
}

/// What a backward run reads besides the gradients of the outputs: a plan keeps just these activations.
public struct BackwardReads: OptionSet, Sendable, Hashable {
  /// The bits.
  public let rawValue: Int
  /// A set of the given bits.
  public init(rawValue: Int) { self.rawValue = rawValue }
  /// The inputs.
  public static let inputs = BackwardReads(rawValue: 1)
  /// The outputs.
  public static let outputs = BackwardReads(rawValue: 2)
}

extension Operator {
  /// No parameters.
  public func parameterSpecs(for inputs: [Shape]) -> [ParameterSpec] { [] }
  /// No multiplications worth counting.
  public func macs(for inputs: [Shape]) -> Int { 0 }
  /// Looks at one pixel.
  public func window(for inputs: [Shape]) -> Window? { nil }
  /// That of the first output.
  public func window(for inputs: [Shape], output: Int) -> Window? { window(for: inputs) }
  /// All inputs matter.
  public func sees(input: Int) -> Bool { true }
  /// All inputs, where any are read.
  public func backwardReads(input: Int) -> Bool { true }
  /// Nothing saved.
  public func savedShapes(for inputs: [Shape]) -> [Shape] { [] }
  /// Never an identity.
  public func isIdentity(for inputs: [Shape], mode: Mode) -> Bool { false }
  /// One way only.
  public func algorithms(for inputs: [Shape], _ direction: Direction) -> [any Algorithm] { [] }
  /// One way only, or no weight.
  public func weightGradients(for inputs: [Shape]) -> [any WeightGradientAlgorithm] { [] }
  /// Gradients are only written.
  public func accumulates(input: Int) -> Bool { false }
  /// No scratch memory.
  public func workspace(for inputs: [Shape], _ direction: Direction, threads: Int) -> Int { 0 }

  /// Whether `other` is the same operator with the same settings.
  public func isEqual(to other: any Operator) -> Bool { (other as? Self) == self }
}
