import Foundation
import Graphs
import Layers
import Segmentation
import TensorCore
import Testing
import Training
import Weights

/// Ten steps from the same start on the same batch as PyTorch's in Tools/Golden/training.py.
@Suite struct GoldenTrainingTests {
  private let file: SafetensorsFile

  init() throws {
    let folder = Bundle.module.resourceURL ?? Bundle.module.bundleURL
    file = try SafetensorsReader.read(folder.appendingPathComponent("Golden/training.safetensors").path)
  }

  private func tensors(_ prefix: String) throws -> [String: Tensor] {
    var tensors: [String: Tensor] = [:]
    for entry in file.entries where entry.name.hasPrefix(prefix) {
      tensors[String(entry.name.dropFirst(prefix.count))] = try file.tensor(entry.name)
    }
    return tensors
  }

  /// The loss before each step, and the parameters after the last.
  private func train(
    _ optimiser: any Optimiser, rate: Float, threads: Int = 1
  ) throws -> (losses: [Float], end: [String: Tensor]) {
    var optimiser = optimiser
    let pool = ThreadPool(threads: threads)
    let network = try UNet(classes: 3, width: 2, depth: 2).graph()
    let loss = SoftmaxCrossEntropy(classWeights: try file.tensor("class_weights").elements, ignoreIndex: 255)
    let graph = try network.withLoss(loss).fusingActivations(for: .training).fusingSums(for: .training)
    let store = try ParameterStore(network, tensors("start."))
    let raw = try file.tensor("images").channelsLast()
    let images = Tensor(raw.elements.map { $0 / 255 }, shape: raw.shape)
    let labels = try file.tensor("labels").reshaped(raw.shape.with(channels: 1))
    let plan = try Plan(
      graph, inputs: ["input": images.shape, Graph.labelsInput: labels.shape], mode: .training,
      parameters: store, pool: pool)
    var losses: [Float] = []
    for step in 0..<10 {
      try plan.input("input").copy(from: images)
      try plan.input(Graph.labelsInput).copy(from: labels)
      plan.forward(seed: UInt64(step))
      plan.backward(seed: UInt64(step))
      losses.append(plan.output().pointer[0])
      optimiser.step(plan.trained, rate: rate, pool: pool)
      store.didChange()
    }
    return (losses, store.tensors)
  }

  private func largest(_ first: [Float], _ second: [Float]) -> Float {
    guard first.count == second.count else { return .infinity }
    return zip(first, second).reduce(0) { most, pair in
      let difference = abs(pair.0 - pair.1)
      return difference.isNaN ? .infinity : max(most, difference)
    }
  }

  @Test func stochasticGradientDescentFollowsPyTorch() throws {
    let expected = try file.tensor("sgd.losses").elements
    #expect(expected.count == 10)
    let run = try train(SGD(momentum: 0.9, decay: 1e-4), rate: 0.05)
    #expect(largest(run.losses, expected) <= 1e-4)
    for (name, tensor) in try tensors("sgd.end.") {
      let found = try #require(run.end[name], "\(name)")
      let scale = max(0.1, tensor.elements.map(abs).max() ?? 0)
      #expect(largest(found.elements, tensor.elements) <= 1e-3 * scale, "\(name)")
    }
    #expect(try train(SGD(momentum: 0.9, decay: 1e-4), rate: 0.05, threads: 3) == run)
  }

  @Test func adamFollowsPyTorch() throws {
    let expected = try file.tensor("adam.losses").elements
    let run = try train(Adam(decay: 1e-4), rate: 0.003)
    #expect(largest(run.losses, expected) <= 1e-3)
    #expect(run.losses[9] < run.losses[0])
    #expect(try train(Adam(decay: 1e-4), rate: 0.003, threads: 2) == run)
  }
}
