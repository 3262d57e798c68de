import Augmentation
import Datasets
import Foundation
import Graphs
import Images
import Layers
import Segmentation
import TensorCore
import Testing
import Training
import Weights

/// Ten steps of a U-Net under deep supervision, and ten under mixup, as PyTorch's in Tools/Golden/supervision.py.
@Suite struct GoldenSupervisionTests {
  private let file: SafetensorsFile

  init() throws {
    let folder = Bundle.module.resourceURL ?? Bundle.module.bundleURL
    file = try SafetensorsReader.read(folder.appendingPathComponent("Golden/supervision.safetensors").path)
  }

  /// The parameters that a graph has of those in the file.
  private func start(_ graph: Graph) throws -> ParameterStore {
    let wanted = try graph.parameterSpecs().map(\.name)
    return try ParameterStore(
      graph, Dictionary(uniqueKeysWithValues: wanted.map { ($0, try file.tensor("start.\($0)")) }))
  }

  /// The samples of the file as a batch of pictures in 0…1.
  private func batch() throws -> Batch {
    let (images, labels) = (try file.tensor("images").channelsLast(), try file.tensor("labels"))
    let (height, width) = (images.shape.height, images.shape.width)
    let samples = (0..<images.shape.batch).map { index in
      let pixels = height * width
      return Sample(
        image: Raster(
          width: width, height: height, channels: 3,
          samples: .eight(images.elements[index * pixels * 3..<(index + 1) * pixels * 3].map { UInt8($0) })),
        mask: Mask(
          width: width, height: height,
          labels: labels.elements[index * pixels..<(index + 1) * pixels].map { UInt8($0) }))
    }
    return try Batch(samples, names: samples.indices.map { "\($0)" }, normalization: .unit)
  }

  private func losses(
    _ graph: Graph, _ store: ParameterStore, threads: Int, _ inputs: (Int) throws -> [String: Tensor]
  ) throws -> [Float] {
    var optimiser = SGD(momentum: 0.9)
    let pool = ThreadPool(threads: threads)
    let graph = try graph.fusingActivations(for: .training).fusingSums(for: .training)
    let plan = try Plan(
      graph, inputs: try inputs(0).mapValues(\.shape), mode: .training, parameters: store, pool: pool)
    return try (0..<10).map { step in
      for (name, tensor) in try inputs(step) { try plan.input(name).copy(from: tensor) }
      plan.forward(seed: UInt64(step))
      plan.backward(seed: UInt64(step))
      let loss = plan.output().pointer[0]
      optimiser.step(plan.trained, rate: 0.05, pool: pool)
      store.didChange()
      return loss
    }
  }

  private func expect(
    _ found: [Float], _ name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let expected = try file.tensor("\(name).losses").elements
    #expect(expected.count == 10 && expected[9] < expected[0], sourceLocation: sourceLocation)
    for (step, pair) in zip(found, expected).enumerated() {
      #expect(abs(pair.0 - pair.1) <= 1e-4, "step \(step)", sourceLocation: sourceLocation)
    }
  }

  @Test func deepSupervisionFollowsPyTorch() throws {
    let network = try NetworkRegistry.graph(
      "unet", arguments: ["width": "2", "depth": "3", "classes": "3", "deep_supervision": "1"])
    let graph = try network.withLoss(SoftmaxCrossEntropy(ignoreIndex: 255))
    #expect(graph.nodes.filter { $0.operation is SoftmaxCrossEntropy }.count == 3)
    let batch = try batch()
    let inputs = ["input": batch.images, Graph.labelsInput: batch.labels]
    let found = try losses(graph, try start(network), threads: 1) { _ in inputs }
    try expect(found, "deep")
    #expect(try losses(graph, try start(network), threads: 3) { _ in inputs } == found)
  }

  @Test func mixUpFollowsPyTorch() throws {
    let network = try UNet(classes: 3, width: 2, depth: 3).graph()
    let graph = try network.withLoss(SoftmaxCrossEntropy(ignoreIndex: 255)).blendingLosses()
    let (plain, shares) = (try batch(), try file.tensor("shares").elements)
    func inputs(_ step: Int) throws -> [String: Tensor] {
      let batch = plain.blended(share: shares[step])
      return [
        "input": batch.images, Graph.labelsInput: batch.labels,
        Graph.partnerLabelsInput: try #require(batch.partnerLabels),
        Graph.shareInput: Tensor([batch.share], shape: [1, 1, 1, 1]),
      ]
    }
    let found = try losses(graph, try start(network), threads: 1, inputs)
    try expect(found, "mixup")
    #expect(try losses(graph, try start(network), threads: 2, inputs) == found)
  }
}
