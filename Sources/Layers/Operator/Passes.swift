import TensorCore

/// Everything that an operator gets for one forward run.
public struct ForwardPass {
  /// The inputs, for reading.
  public let inputs: [TensorView]
  /// The outputs, to be written whole.
  public let outputs: [TensorView]
  /// What is kept for backward, to be written whole; empty in inference.
  public let saved: [TensorView]
  /// The parameters, in the order of the operator's specs, in PyTorch's shapes. Only batch norm writes any.
  public let parameters: [UnsafeMutablePointer<Float>]
  /// The chosen algorithm; `nil` for an operator that has only one way.
  public let algorithm: (any Algorithm)?
  /// The weights as the algorithm packed them.
  public let packed: UnsafePointer<Float>?
  /// Scratch memory of the size that operator and algorithm asked for, its contents undefined.
  public let workspace: UnsafeMutablePointer<Float>
  /// Inference or training.
  public let mode: Mode
  /// A number that differs from step to step and node to node; what dropout draws depends on it alone.
  public let seed: UInt64
  /// The threads to run on.
  public let pool: ThreadPool

  /// A pass over memory that the caller keeps alive.
  public init(
    inputs: [TensorView], outputs: [TensorView], saved: [TensorView] = [],
    parameters: [UnsafeMutablePointer<Float>] = [], algorithm: (any Algorithm)? = nil,
    packed: UnsafePointer<Float>? = nil, workspace: UnsafeMutablePointer<Float>, mode: Mode, seed: UInt64 = 0,
    pool: ThreadPool
  ) {
    self.inputs = inputs
    self.outputs = outputs
    self.saved = saved
    self.parameters = parameters
    self.algorithm = algorithm
    self.packed = packed
    self.workspace = workspace
    self.mode = mode
    self.seed = seed
    self.pool = pool
  }
}

/// Everything that an operator gets for one backward run.
public struct BackwardPass {
  /// The inputs; their contents are valid only if `backwardReads` has `.inputs` and the operator reads this one, their
  /// shapes always.
  public let inputs: [TensorView]
  /// The outputs; their contents are valid only if `backwardReads` has `.outputs`, their shapes always.
  public let outputs: [TensorView]
  /// What forward kept.
  public let saved: [TensorView]
  /// The parameters, as in the forward run.
  public let parameters: [UnsafeMutablePointer<Float>]
  /// Gradients of the outputs, for reading; `nil` where no gradient flows back.
  public let outputGradients: [TensorView?]
  /// Where to write the gradients of the inputs; `nil` where nobody wants one.
  public let inputGradients: [TensorView?]
  /// For each input, whether its gradient is added to what stands there, as another reader's; empty where none is.
  public let accumulations: [Bool]
  /// Where to write the gradients of the parameters; `nil` for those that are not trained.
  public let parameterGradients: [UnsafeMutablePointer<Float>?]
  /// The algorithm chosen for the gradient of the first input; `nil` for an operator that has only one way.
  public let algorithm: (any Algorithm)?
  /// The weights as that algorithm packed them.
  public let packed: UnsafePointer<Float>?
  /// The algorithm chosen for the gradient of the weight; `nil` for an operator that has only one way, or no weight.
  public let weightGradient: (any WeightGradientAlgorithm)?
  /// Scratch memory of the size that operator and algorithms asked for, its contents undefined.
  public let workspace: UnsafeMutablePointer<Float>
  /// The seed of the forward run.
  public let seed: UInt64
  /// The threads to run on.
  public let pool: ThreadPool

  /// A pass over memory that the caller keeps alive.
  public init(
    inputs: [TensorView], outputs: [TensorView], saved: [TensorView] = [],
    parameters: [UnsafeMutablePointer<Float>] = [], outputGradients: [TensorView?],
    inputGradients: [TensorView?], accumulations: [Bool] = [],
    parameterGradients: [UnsafeMutablePointer<Float>?] = [],
    algorithm: (any Algorithm)? = nil, packed: UnsafePointer<Float>? = nil,
    weightGradient: (any WeightGradientAlgorithm)? = nil, workspace: UnsafeMutablePointer<Float>,
    seed: UInt64 = 0, pool: ThreadPool
  ) {
    self.weightGradient = weightGradient
    self.inputs = inputs
    self.outputs = outputs
    self.saved = saved
    self.parameters = parameters
    self.outputGradients = outputGradients
    self.inputGradients = inputGradients
    self.accumulations = accumulations
    self.parameterGradients = parameterGradients
    self.algorithm = algorithm
    self.packed = packed
    self.workspace = workspace
    self.seed = seed
    self.pool = pool
  }
  /// Whether the gradient of an input is added to what stands there.
  func accumulates(input: Int) -> Bool { accumulations.indices.contains(input) && accumulations[input] }
}
