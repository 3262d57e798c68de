import Graphs
import Layers
import Segmentation
import TensorCore
import TestSupport
import Testing
import Weights

@Suite struct UNetTests {
  @Test(arguments: ["even", "odd"])
  func agreesWithPyTorch(name: String) throws {
    let file = try Golden.file("unet")
    let graph = try UNet(classes: 3, width: 2, depth: 2).graph()
    let wanted = try graph.parameterSpecs().map { (name: $0.name, shape: $0.spec.shape) }
    let parameters = try ParameterMatch.strict(
      wanted, in: file.tensors("parameters."), file: "unet.safetensors", model: "unet")
    let input = try file.tensor("\(name).input").channelsLast()
    let expected = try file.tensor("\(name).output")
    #expect(expected.largest > 0.5)
    for threads in [1, 2] {
      let model = try InferenceModel(graph, parameters: parameters, pool: ThreadPool(threads: threads))
      let output = try model.run(input).channelsFirst()
      #expect(output.difference(from: expected) <= 1e-5 * expected.largest)
    }
  }

  @Test func hasTheParametersOfMilesialsUNet() throws {
    let specs = try UNet(classes: 2).graph().parameterSpecs()
    #expect(specs.filter(\.spec.isTrained).reduce(0) { $0 + $1.spec.shape.count } == 31_037_698)
    let shapes = Dictionary(uniqueKeysWithValues: specs.map { ($0.name, $0.spec.shape) })
    #expect(shapes["inc.double_conv.0.weight"] == [64, 3, 3, 3])
    #expect(shapes["down4.maxpool_conv.1.double_conv.3.weight"] == [1024, 1024, 3, 3])
    #expect(shapes["up1.up.weight"] == [1024, 512, 2, 2])
    #expect(shapes["up1.up.bias"] == [512])
    #expect(shapes["up1.conv.double_conv.0.weight"] == [512, 1024, 3, 3])
    #expect(shapes["up4.conv.double_conv.4.running_var"] == [64])
    #expect(shapes["outc.conv.weight"] == [2, 64, 1, 1])
    // 18 convolutions and batch norms, 4 transposed convolutions, the last convolution.
    #expect(specs.count == 18 * 5 + 4 * 2 + 2)
  }

  @Test func namesAndShapesOfASmallOne() throws {
    let specs = try UNet(classes: 3, width: 2, depth: 1).graph().parameterSpecs()
    func block(_ name: String, _ inputs: Int, _ outputs: Int) -> [String] {
      [(0, inputs), (3, outputs)].flatMap { place, channels in
        ["\(name).double_conv.\(place).weight [\(outputs), \(channels), 3, 3]"]
          + ["weight", "bias", "running_mean", "running_var"].map {
            "\(name).double_conv.\(place + 1).\($0) [\(outputs)]"
          }
      }
    }
    #expect(
      specs.map { "\($0.name) \($0.spec.shape)" }
        == block("inc", 3, 2) + block("down1.maxpool_conv.1", 2, 4)
        + ["up1.up.weight [4, 2, 2, 2]", "up1.up.bias [2]"] + block("up1.conv", 4, 2)
        + ["outc.conv.weight [3, 2, 1, 1]", "outc.conv.bias [3]"])
  }

  @Test(arguments: 1..<6, [[1, 1, 1, 3], [1, 7, 5, 3], [2, 33, 47, 3]])
  func givesLogitsOfTheSizeOfTheImage(depth: Int, extents: [Int]) throws {
    let graph = try UNet(classes: 4, width: 4, depth: depth).graph()
    let shape = Shape(extents)
    #expect(try graph.inferShapes(["input": shape])[graph.outputs[0]] == shape.with(channels: 4))
    let model = try InferenceModel(
      graph, parameters: graph.initialParameters(seed: 1), pool: ThreadPool(threads: 1))
    #expect(model.classes == 4)
    let output = try model.run(.random(shape, seed: UInt64(depth)))
    #expect(output.shape == shape.with(channels: 4))
    #expect(output.elements.allSatisfy { $0.isFinite })
    #expect(output.largest > 0)
  }

  @Test func imagesOfABatchDoNotTouch() throws {
    let graph = try UNet(classes: 3, width: 3, depth: 3).graph()
    let model = try InferenceModel(
      graph, parameters: graph.initialParameters(seed: 1), pool: ThreadPool(threads: 2))
    let images = [Tensor.random([1, 19, 22, 3], seed: 1), .random([1, 19, 22, 3], seed: 2)]
    let both = try model.run(Tensor(images.flatMap(\.elements), shape: [2, 19, 22, 3])).elements
    let apart = try images.flatMap { try model.run($0).elements }
    let largest = apart.map(abs).max() ?? 0
    #expect(zip(both, apart).allSatisfy { abs($0 - $1) <= 1e-5 * largest })
  }

  @Test(arguments: [(1, 18), (2, 44), (3, 100), (4, 204)])
  func seesAsFarAsItsDepthLets(depth: Int, pixels: Int) throws {
    let graph = try UNet(classes: 2, width: 1, depth: depth).graph()
    let field = try #require(try graph.receptiveFields()[graph.outputs[0].node])
    #expect([field.height, field.width] == [pixels, pixels])
  }

  @Test func deepSupervision() throws {
    let plain = try UNet(classes: 3, width: 2, depth: 3).graph()
    let deep = try UNet(classes: 3, width: 2, depth: 3, hasDeepSupervision: true).graph()
    let names = Set(try deep.parameterSpecs().map(\.name)).subtracting(try plain.parameterSpecs().map(\.name))
    #expect(
      names == [
        "deep_supervision.1.weight", "deep_supervision.1.bias", "deep_supervision.2.weight",
        "deep_supervision.2.bias",
      ])
    let shapes = try deep.inferShapes(["input": [2, 21, 18, 3]])
    #expect(deep.outputs.map { shapes[$0] } == [Shape](repeating: [2, 21, 18, 3], count: 3))
    let weights = deep.outputs.dropFirst().map { (deep.nodes[$0.node].operation as? AuxiliaryLogits)?.weight }
    #expect(weights == [0.5, 0.25])
    // Inference is that of the network without.
    let parameters = try deep.initialParameters(seed: 2)
    let image = Tensor.random([1, 21, 18, 3], seed: 4)
    let pool = ThreadPool(threads: 1)
    let own = parameters.filter { !names.contains($0.key) }
    #expect(
      try InferenceModel(deep, parameters: parameters, pool: pool).run(image)
        == (try InferenceModel(plain, parameters: own, pool: pool).run(image)))
    #expect(
      try InferenceModel(deep, parameters: parameters, pool: pool).graph.nodes.allSatisfy {
        !$0.name.hasPrefix("deep_supervision")
      })
  }

  @Test func theSkipConnectionComesFirst() throws {
    let graph = try UNet(classes: 2, width: 2, depth: 1).graph()
    let joined = try #require(graph.nodes.first { $0.operation is Concatenation })
    let sources = joined.inputs.map { graph.nodes[$0.node] }
    #expect(sources[0].operation is ActivationLayer)
    #expect(sources[1].name == "up1.up")
  }
}
