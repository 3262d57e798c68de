import Backbones
import Foundation
import Graphs
import Layers
import TensorCore
import TestSupport
import Testing
import Weights

/// What every backbone must do, shown by small ones of each family.
@Suite struct BackboneContractTests {
  /// A small backbone, and the strides of its features.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let network: any Backbone
    let strides: [Int]
    /// The smallest side of an image that it takes.
    var smallest = 1
  }

  static let cases: [Case] = [
    Case(
      testDescription: "resnet", network: ResNet(.basic, blocks: [1, 2, 1, 1], width: 4, classes: 5),
      strides: [2, 4, 8, 16, 32]),
    Case(
      testDescription: "resnet at stride 16",
      network: ResNet(.basic, blocks: [1, 1, 1, 2], width: 4, classes: 5, outputStride: 16),
      strides: [2, 4, 8, 16, 16]),
    Case(
      testDescription: "resnet with bottlenecks at stride 8",
      network: ResNet(.bottleneck, blocks: [1, 1, 2, 2], width: 3, classes: 5, outputStride: 8),
      strides: [2, 4, 8, 8, 8]),
    Case(
      testDescription: "densenet", network: DenseNet(growth: 4, layers: [1, 2, 3, 1], stem: 8, classes: 5),
      strides: [2, 4, 8, 16, 32], smallest: 29),
    Case(
      testDescription: "densenet at stride 8",
      network: DenseNet(growth: 4, layers: [1, 2, 3, 2], stem: 8, classes: 5, outputStride: 8),
      strides: [2, 4, 8, 8, 8], smallest: 5),
    Case(
      testDescription: "vgg",
      network: VGG(convolutions: [1, 2, 1, 1, 1], batchNorm: false, width: 8, hidden: 24, classes: 5),
      strides: [1, 2, 4, 8, 16, 32], smallest: 32),
    Case(
      testDescription: "vgg with batch norm",
      network: VGG(convolutions: [1, 1, 2, 1, 1], batchNorm: true, width: 4, hidden: 24, classes: 5),
      strides: [1, 2, 4, 8, 16, 32], smallest: 32),
    Case(
      testDescription: "vgg at stride 8",
      network: VGG(
        convolutions: [1, 1, 1, 1, 2], batchNorm: true, width: 4, hidden: 16, classes: 5, outputStride: 8),
      strides: [1, 2, 4, 8, 8, 8], smallest: 8),
    Case(
      testDescription: "googlenet", network: GoogLeNet(classes: 5, slimming: 8),
      strides: [2, 4, 8, 16, 32], smallest: 15),
    Case(
      testDescription: "googlenet at stride 16",
      network: GoogLeNet(classes: 5, slimming: 8, outputStride: 16),
      strides: [2, 4, 8, 16, 16], smallest: 15),
    Case(
      testDescription: "googlenet at stride 8", network: GoogLeNet(classes: 5, slimming: 8, outputStride: 8),
      strides: [2, 4, 8, 8, 8], smallest: 7),
    Case(
      testDescription: "googlenet with auxiliary heads",
      network: GoogLeNet(classes: 5, slimming: 8, hasAuxiliary: true),
      strides: [2, 4, 8, 16, 32], smallest: 15),
  ]

  /// Networks halve sizes by rounding up or down: at multiples of 32 there is no difference.
  @Test(arguments: cases)
  func featuresHaveTheirStrides(of item: Case) throws {
    let builder = GraphBuilder()
    let image = try builder.input(nominal: [2, 96, 160, 3])
    let features = try item.network.features(image, "encoder")
    #expect(
      features.map { [$0.shape.batch, $0.shape.height, $0.shape.width] }
        == item.strides.map { [2, 96 / $0, 160 / $0] })
    let graph = try builder.graph(outputs: features)
    #expect(try graph.parameterSpecs().allSatisfy { $0.name.hasPrefix("encoder.") })
    let own = try item.network.graph().parameterSpecs().filter { !Self.isHead($0.name) }
    #expect(try graph.parameterSpecs().map(\.name) == own.map { "encoder." + $0.name })
  }

  /// A batch gives what its images give, at odd sizes and the smallest.
  @Test(arguments: cases)
  func takesOddSizesAndBatches(of item: Case) throws {
    let graph = try item.network.graph()
    let model = try InferenceModel(
      graph, parameters: graph.initialParameters(seed: 1), pool: ThreadPool(threads: 2))
    let small = item.smallest
    for (height, width) in [(45, 67), (64, 33), (small, small), (small + 2, small + 1)] {
      let images = (0..<2).map { Tensor.random([1, height, width, 3], seed: $0) }
      let both = Tensor(images.flatMap(\.elements), shape: [2, height, width, 3])
      let output = try model.run(both)
      #expect(output.shape == [2, 1, 1, 5])
      #expect(output.elements.allSatisfy { $0.isFinite })
      let apart = try images.flatMap { try model.run($0).elements }
      #expect(output.difference(from: Tensor(apart, shape: output.shape)) <= 1e-5 * output.largest)
    }
    if small > 1 {
      #expect(throws: GraphError.self) { try model.run(.random([1, small - 1, small - 1, 3], seed: 1)) }
    }
  }

  @Test(arguments: cases)
  func trainsSavesLoadsAndGivesTheSame(of item: Case) throws {
    let network = try item.network.graph()
    let pool = ThreadPool(threads: 2)
    let store = try ParameterStore(network, network.initialParameters(seed: 4))
    let start = store.tensors
    let losses = try train(network, store, [4, 37, 45, 3], steps: 24, pool)
    let (first, last): (Float, Float) = (losses.prefix(4).reduce(0, +), losses.suffix(4).reduce(0, +))
    #expect(last < 0.7 * first, "\(losses)")
    let trained = store.tensors
    for parameter in try network.parameterSpecs() {
      #expect(trained[parameter.name] != start[parameter.name], "\(parameter.name)")
    }

    let checkpoint = Checkpoint(architecture: "tiny", parameters: trained)
    let path = NSTemporaryDirectory() + "tessera-backbone-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try checkpoint.write(to: path)
    let parameters = try ParameterMatch.strict(
      network.parameterSpecs().map { ($0.name, $0.spec.shape) }, in: try Checkpoint.read(path).parameters,
      file: path, model: "tiny")
    let before = try InferenceModel(network, parameters: trained, pool: pool)
    let after = try InferenceModel(network, parameters: parameters, pool: ThreadPool(threads: 1))
    for size in [[2, 37, 45, 3], [1, 64, 64, 3]] as [Shape] {
      let image = Tensor.random(size, seed: 9)
      #expect(try after.run(image) == (try before.run(image)))
    }
  }

  private static func isHead(_ name: String) -> Bool {
    ["fc.", "classifier.", "aux1.", "aux2."].contains(where: name.hasPrefix)
  }

  /// Gradient descent on one batch of images of two classes; the loss before each step.
  private func train(
    _ network: Graph, _ store: ParameterStore, _ shape: Shape, steps: Int, _ pool: ThreadPool
  ) throws -> [Float] {
    let graph = try network.withLoss(SoftmaxCrossEntropy(ignoreIndex: 255)).fusingActivations(for: .training)
    let target: Shape = [shape.batch, 1, 1, 1]
    let plan = try Plan(
      graph, inputs: ["input": shape, Graph.labelsInput: target], mode: .training, parameters: store,
      pool: pool)
    let image = Tensor.random(shape, seed: 5)
    let labels = Tensor((0..<shape.batch).map { Float($0 % 2 * 3) }, shape: target)
    return try (0..<steps).map { step in
      try plan.input("input").copy(from: image)
      try plan.input(Graph.labelsInput).copy(from: labels)
      plan.forward(seed: UInt64(step))
      plan.backward(seed: UInt64(step))
      let loss = plan.output().pointer[0]
      for item in plan.trained {
        for index in 0..<item.shape.count { item.parameter[index] -= 0.05 * item.gradient[index] }
      }
      store.didChange()
      return loss
    }
  }
}
