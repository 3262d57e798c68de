import Backbones
import Graphs
import Layers
import TensorCore
import TestSupport
import Testing

@Suite struct GoogLeNetTests {
  @Test func namesAndShapes() throws {
    let graph = try GoogLeNet().graph()
    let specs = try graph.parameterSpecs()
    let shapes = Dictionary(uniqueKeysWithValues: specs.map { ($0.name, $0.spec.shape) })
    #expect(shapes["conv1.conv.weight"] == [64, 3, 7, 7])
    #expect(shapes["conv3.bn.running_var"] == [192])
    #expect(shapes["inception3a.branch1.conv.weight"] == [64, 192, 1, 1])
    #expect(shapes["inception4c.branch2.1.conv.weight"] == [256, 128, 3, 3])
    #expect(shapes["inception4e.branch3.0.conv.weight"] == [32, 528, 1, 1])
    #expect(shapes["inception5b.branch3.1.conv.weight"] == [128, 48, 3, 3])
    #expect(shapes["inception5b.branch4.1.bn.bias"] == [128])
    #expect(shapes["fc.weight"] == [1000, 1024])
    // 57 convolutions with batch norm, and the dense layer.
    #expect(specs.count == 57 * 5 + 2)
    #expect(graph.nodes.compactMap { $0.operation as? BatchNorm2D }.allSatisfy { $0.epsilon == 0.001 })
  }

  @Test func auxiliaryHeadsAreForTrainingAlone() throws {
    let graph = try GoogLeNet(hasAuxiliary: true).graph(nominal: [1, 224, 224, 3])
    let specs = try graph.parameterSpecs()
    // torchvision.models.googlenet with aux_logits.
    #expect(specs.filter(\.spec.isTrained).reduce(0) { $0 + $1.spec.shape.count } == 13_004_888)
    let shapes = Dictionary(uniqueKeysWithValues: specs.map { ($0.name, $0.spec.shape) })
    #expect(shapes["aux1.conv.conv.weight"] == [128, 512, 1, 1])
    #expect(shapes["aux1.fc1.weight"] == [1024, 2048])
    #expect(shapes["aux2.conv.conv.weight"] == [128, 528, 1, 1])
    #expect(shapes["aux2.fc2.bias"] == [1000])
    #expect(try graph.inferShapes()[graph.outputs[2]] == [1, 1, 1, 1000])
    #expect(graph.outputs.count == 3)
    let plain = try GoogLeNet().graph(nominal: [1, 224, 224, 3])
    #expect(try graph.forInference().parameterSpecs() == plain.parameterSpecs())
  }

  @Test func keepsWindowsThatReachBeyondTheImage() throws {
    let builder = GraphBuilder()
    let image = try builder.input(nominal: [1, 45, 67, 3])
    let features = try GoogLeNet().features(image, "")
    #expect(features.map(\.channels) == [64, 192, 480, 832, 1024])
    #expect(features.map(\.shape.height) == [23, 11, 5, 2, 1])
    #expect(features.map(\.shape.width) == [34, 17, 8, 4, 2])
  }

  /// At a smaller output stride all that the whole network sees is there, in the middles of its poolings' windows, and
  /// more between them; but for the last stage at stride 8.
  @Test(arguments: [
    16: [(1, 0), (1, 0), (1, 0), (1, 0), (2, 1)], 8: [(1, 0), (1, 0), (1, 0), (2, 1)],
  ])
  func dilationKeepsWhatThereWas(outputStride: Int, places: [(step: Int, start: Int)]) throws {
    let size: Shape = [1, 96, 160, 3]
    func stages(_ stride: Int) throws -> [Tensor] {
      let network = GoogLeNet(slimming: 8, outputStride: stride)
      return try (0..<5).map { stage in
        let builder = GraphBuilder()
        let image = try builder.input(nominal: size)
        let graph = try builder.graph(outputs: [try network.features(image, "")[stage]])
        let model = try InferenceModel(
          graph, parameters: graph.initialParameters(seed: 3), pool: ThreadPool(threads: 2))
        return try model.run(.random(size, seed: 1))
      }
    }
    let all = zip(zip(try stages(32), try stages(outputStride)), places)
    for ((whole, dilated), place) in all {
      #expect(dilated.shape.height == whole.shape.height * place.step)
      var picked: [Float] = []
      for y in 0..<whole.shape.height {
        for x in 0..<whole.shape.width {
          let (row, column) = (y * place.step + place.start, x * place.step + place.start)
          let start = (row * dilated.shape.width + column) * dilated.shape.channels
          picked += dilated.elements[start..<start + dilated.shape.channels]
        }
      }
      #expect(Tensor(picked, shape: whole.shape).difference(from: whole) <= 1e-5 * whole.largest)
      #expect(whole.largest > 0)
    }
  }

  /// The poolings before `inception4a` and `inception5a` go from pixel to pixel, and those in the modules reach as far as
  /// the convolutions beside them.
  @Test func poolingsAreDilated() throws {
    func poolings(_ outputStride: Int) throws -> [MaxPool2D] {
      try GoogLeNet(outputStride: outputStride).graph().nodes.compactMap { $0.operation as? MaxPool2D }
    }
    let halving = MaxPool2D(kernel: 3, stride: 2, ceilMode: true)
    func inner(_ dilation: Int, _ count: Int) -> [MaxPool2D] {
      Array(
        repeating: MaxPool2D(kernel: 3, stride: 1, padding: Pair(dilation), dilation: Pair(dilation)),
        count: count)
    }
    let fine = [halving, halving] + inner(1, 2)
    #expect(
      try poolings(32)
        == fine + [halving] + inner(1, 5) + [MaxPool2D(kernel: 2, stride: 2, ceilMode: true)] + inner(1, 2))
    #expect(
      try poolings(16) == fine + [halving] + inner(1, 5) + [MaxPool2D(kernel: 2, stride: 1, padding: 1)]
        + inner(2, 2))
    #expect(try poolings(8) == fine + inner(1, 1) + inner(2, 5) + inner(1, 1) + inner(4, 2))
  }
}
