import Backbones
import Graphs
import TensorCore
import TestSupport
import Testing

@Suite struct ResNetTests {
  @Test func namesAndShapesOfABasicBlock() throws {
    let specs = try ResNet(.basic, blocks: [1, 1], width: 2, classes: 3).graph().parameterSpecs()
    func norm(_ name: String, _ channels: Int) -> [String] {
      ["weight", "bias", "running_mean", "running_var"].map { "\(name).\($0) [\(channels)]" }
    }
    var expected = ["conv1.weight [2, 3, 7, 7]"] + norm("bn1", 2)
    expected += ["layer1.0.conv1.weight [2, 2, 3, 3]"] + norm("layer1.0.bn1", 2)
    expected += ["layer1.0.conv2.weight [2, 2, 3, 3]"] + norm("layer1.0.bn2", 2)
    expected += ["layer2.0.conv1.weight [4, 2, 3, 3]"] + norm("layer2.0.bn1", 4)
    expected += ["layer2.0.conv2.weight [4, 4, 3, 3]"] + norm("layer2.0.bn2", 4)
    expected += ["layer2.0.downsample.0.weight [4, 2, 1, 1]"] + norm("layer2.0.downsample.1", 4)
    expected += ["fc.weight [3, 4]", "fc.bias [3]"]
    #expect(specs.map { "\($0.name) \($0.spec.shape)" } == expected)
  }

  @Test func namesAndShapesOfBottlenecks() throws {
    let specs = try ResNet(.resnet50).graph().parameterSpecs()
    let shapes = Dictionary(uniqueKeysWithValues: specs.map { ($0.name, $0.spec.shape) })
    #expect(shapes["layer1.0.conv1.weight"] == [64, 64, 1, 1])
    #expect(shapes["layer1.0.downsample.0.weight"] == [256, 64, 1, 1])
    #expect(shapes["layer1.0.downsample.1.running_var"] == [256])
    #expect(shapes["layer2.3.conv2.weight"] == [128, 128, 3, 3])
    #expect(shapes["layer3.5.conv3.weight"] == [1024, 256, 1, 1])
    #expect(shapes["layer4.2.bn3.bias"] == [2048])
    #expect(shapes["layer1.1.downsample.0.weight"] == nil)
    #expect(shapes["fc.weight"] == [1000, 2048])
    // 53 convolutions with batch norm, and the dense layer.
    #expect(specs.count == 53 * 5 + 2)
  }

  /// A network at a smaller output stride sees what the whole one sees at its places, and more between them.
  @Test(arguments: [ResNet.Block.basic, .bottleneck], [8, 16])
  func dilationKeepsWhatThereWas(block: ResNet.Block, outputStride: Int) throws {
    func stages(_ stride: Int) throws -> [Tensor] {
      let network = ResNet(block, blocks: [1, 1, 2, 2], width: 4, outputStride: stride)
      return try (0..<5).map { stage in
        let builder = GraphBuilder()
        let image = try builder.input(nominal: [1, 75, 106, 3])
        let graph = try builder.graph(outputs: [try network.features(image, "")[stage]])
        let model = try InferenceModel(
          graph, parameters: graph.initialParameters(seed: 3), pool: ThreadPool(threads: 2))
        return try model.run(.random([1, 75, 106, 3], seed: 1))
      }
    }
    for (index, (whole, dilated)) in zip(try stages(32), try stages(outputStride)).enumerated() {
      let step = max(1, (2 << index) / outputStride)
      var picked: [Float] = []
      for y in 0..<whole.shape.height {
        for x in 0..<whole.shape.width {
          let start = (y * step * dilated.shape.width + x * step) * dilated.shape.channels
          picked += dilated.elements[start..<start + dilated.shape.channels]
        }
      }
      #expect(Tensor(picked, shape: whole.shape).difference(from: whole) <= 1e-5 * whole.largest)
      #expect(whole.largest > 0)
    }
  }

  @Test func outputStrides() {
    let error = #expect(throws: GraphError.self) {
      try ResNet(.basic, blocks: [1, 1, 1, 1], outputStride: 9).graph()
    }
    #expect(error?.description == "resnet: expected output_stride of 8, 16 or 32, found 9")
  }
}
