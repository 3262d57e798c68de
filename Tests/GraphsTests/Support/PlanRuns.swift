import Graphs
import Layers
import TensorCore
import TestSupport

/// Every output of one inference run.
func infer(
  _ graph: Graph, _ parameters: [String: Tensor], _ input: Tensor, threads: Int = 1, poisons: Bool = false
) throws -> [Tensor] {
  let plan = try Plan(
    graph, inputs: ["input": input.shape], mode: .inference, parameters: ParameterStore(graph, parameters),
    pool: ThreadPool(threads: threads), poisons: poisons)
  try plan.input("input").copy(from: input)
  plan.forward()
  return graph.outputs.indices.map { plan.output($0).tensor() }
}

/// What one forward and backward run gives.
struct TrainingRun: Equatable {
  var outputs: [Tensor]
  var gradients: [String: Tensor]
  var parameters: [String: Tensor]

  var loss: Float { outputs[0].elements[0] }
}

/// One step of training without an optimiser, on a graph with a loss.
func train(
  _ graph: Graph, _ parameters: [String: Tensor], _ input: Tensor, _ labels: Tensor, threads: Int = 1,
  poisons: Bool = false, isFrozen: (String) -> Bool = { _ in false }
) throws -> TrainingRun {
  let store = try ParameterStore(graph, parameters)
  let plan = try Plan(
    graph, inputs: ["input": input.shape, Graph.labelsInput: labels.shape], mode: .training,
    parameters: store,
    pool: ThreadPool(threads: threads), isFrozen: isFrozen, poisons: poisons)
  try plan.input("input").copy(from: input)
  try plan.input(Graph.labelsInput).copy(from: labels)
  plan.forward(seed: 5)
  plan.backward(seed: 5)
  let gradients = plan.trained.map { item in
    let elements = Array(UnsafeBufferPointer(start: item.gradient, count: item.shape.count))
    return (item.name, Tensor(elements, shape: item.shape))
  }
  return TrainingRun(
    outputs: graph.outputs.indices.map { plan.output($0).tensor() },
    gradients: Dictionary(uniqueKeysWithValues: gradients), parameters: store.tensors)
}

/// A network with its loss, ready for training, and something to train it on.
struct TrainingCase {
  var graph: Graph
  var parameters: [String: Tensor]
  var input: Tensor
  var labels: Tensor

  init(_ network: Graph, _ shape: Shape, classes: Int = 3, fuses: Bool = true) throws {
    let whole = try network.withLoss(SoftmaxCrossEntropy(ignoreIndex: 255))
    graph = fuses ? try whole.fusingActivations(for: .training).fusingSums(for: .training) : whole
    parameters = randomized(try network.initialParameters(seed: 1), seed: 40)
    input = .random(shape, seed: 2)
    labels = .labels(shape.with(channels: 1), classes: classes, seed: 3)
  }

  func run(
    threads: Int = 1, poisons: Bool = false, isFrozen: (String) -> Bool = { _ in false }
  ) throws -> TrainingRun {
    try train(graph, parameters, input, labels, threads: threads, poisons: poisons, isFrozen: isFrozen)
  }
}
