import Foundation
import Graphs
import Layers
import Segmentation
import TensorCore
import TestSupport
import Testing
import Weights

/// What every architecture of the registry must do.
@Suite struct SegmenterContractTests {
  /// Architectures with arguments that make them small, in the order of the registry.
  static let cases: [(name: String, arguments: [String: String])] =
    [("unet", ["width": "3", "depth": "2", "classes": "3"])]
    + NetworkRegistry.architectures.map(\.name).filter { $0.hasPrefix("unet-") }.map {
      ($0, ["width": "2", "decoder_width": "1", "classes": "3"])
    }
    + ["fcn32s", "fcn16s", "fcn8s"].map { ($0, ["width": "2", "classes": "3"]) }
    + ["fcn_resnet50", "fcn_resnet101"].map { ($0, ["width": "2", "classes": "3"]) }
    + ["segnet", "segnet_basic", "dilated_frontend"].map { ($0, ["width": "2", "classes": "3"]) }
    + [("dilated", ["width": "2", "large": "1", "classes": "3"])]
    + ["fc_densenet56", "fc_densenet67", "fc_densenet103"].map {
      ($0, ["width": "3", "growth": "2", "classes": "3"])
    }

  @Test func everyArchitectureIsUnderContract() {
    #expect(
      Self.cases.map(\.name) == NetworkRegistry.architectures.filter { $0.task == .segmentation }.map(\.name))
  }

  /// Others of the same architectures.
  static let variants: [(name: String, arguments: [String: String])] = [
    ("unet", ["width": "3", "depth": "3", "classes": "3", "deep_supervision": "1"])
  ]

  @Test(arguments: cases + variants)
  func trainsSavesLoadsAndGivesTheSame(name: String, arguments: [String: String]) throws {
    let network = try NetworkRegistry.graph(name, arguments: arguments)
    let pool = ThreadPool(threads: 2)
    // Four values for each channel where the network is at its smallest: batch norm makes ±1 of two.
    let shape: Shape = [4, 21, 18, 3]
    let store = try ParameterStore(network, network.initialParameters(seed: 4))
    let start = store.tensors
    let losses = try train(network, store, shape, steps: 12, pool)
    #expect(losses[11] < 0.9 * losses[0])
    let trained = store.tensors
    // Batch norm behind a bias takes it away again.
    for parameter in try network.parameterSpecs() where !parameter.name.hasSuffix("convTrans.bias") {
      #expect(trained[parameter.name] != start[parameter.name], "\(parameter.name)")
    }

    var checkpoint = Checkpoint(architecture: name, parameters: trained)
    checkpoint.arguments = arguments
    let path = NSTemporaryDirectory() + "tessera-contract-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try checkpoint.write(to: path)
    let loaded = try Checkpoint.read(path)
    #expect(loaded == checkpoint)
    let rebuilt = try NetworkRegistry.graph(try #require(loaded.architecture), arguments: loaded.arguments)
    #expect(rebuilt == network)
    let parameters = try ParameterMatch.strict(
      rebuilt.parameterSpecs().map { ($0.name, $0.spec.shape) }, in: loaded.parameters, file: path,
      model: name)

    let before = try InferenceModel(network, parameters: trained, pool: pool)
    let after = try InferenceModel(rebuilt, parameters: parameters, pool: pool)
    for size in [[2, 21, 18, 3], [1, 1, 1, 3], [1, 33, 47, 3]] as [Shape] {
      let image = Tensor.random(size, seed: 9)
      let output = try after.run(image)
      #expect(output.shape == size.with(channels: 3))
      #expect(output == (try before.run(image)))
    }
  }

  /// Plain gradient descent on one batch whose labels follow from the brightness; the loss before each step.
  private func train(
    _ network: Graph, _ store: ParameterStore, _ shape: Shape, steps: Int, _ pool: ThreadPool
  ) throws -> [Float] {
    let graph = try network.withLoss(SoftmaxCrossEntropy(ignoreIndex: 255)).fusingActivations(for: .training)
      .fusingSums(for: .training)
    let plan = try Plan(
      graph, inputs: ["input": shape, Graph.labelsInput: shape.with(channels: 1)], mode: .training,
      parameters: store, pool: pool)
    let image = Tensor.random(shape, seed: 5)
    let labels = (0..<shape.pixels).map { pixel in
      pixel % 17 == 0 ? 255 : image.elements[pixel * 3] > 0 ? Float(2) : 0
    }
    return try (0..<steps).map { step in
      try plan.input("input").copy(from: image)
      try plan.input(Graph.labelsInput).copy(from: Tensor(labels, shape: shape.with(channels: 1)))
      plan.forward(seed: UInt64(step))
      plan.backward(seed: UInt64(step))
      let loss = plan.output().pointer[0]
      for item in plan.trained {
        for index in 0..<item.shape.count { item.parameter[index] -= 0.1 * item.gradient[index] }
      }
      store.didChange()
      return loss
    }
  }
}
