import Backbones
import Graphs
import Layers
import Segmentation
import TensorCore
import Testing

/// LeNet-5, the perceptron and the descendants of AlexNet.
@Suite struct ClassicNetworkTests {
  private func shapes(_ name: String) throws -> [String: Shape] {
    Dictionary(
      uniqueKeysWithValues: try NetworkRegistry.graph(name).parameterSpecs().map { ($0.name, $0.spec.shape) })
  }

  @Test(arguments: [
    ("mlp", 535_818), ("lenet5", 61_706), ("alexnet", 61_100_840), ("alexnet2012", 60_965_224),
    ("caffenet", 60_965_224), ("zfnet", 62_357_608),
  ]) func parameterCounts(name: String, count: Int) throws {
    let specs = try NetworkRegistry.graph(name).parameterSpecs()
    #expect(specs.reduce(0) { $0 + $1.spec.shape.count } == count)
    let architecture = try NetworkRegistry.architecture(name)
    #expect(architecture.task == .classification)
    let graph = try NetworkRegistry.graph(name, arguments: ["classes": "7"])
    #expect(try graph.inferShapes()[graph.outputs[0]] == [1, 1, 1, 7])
  }

  @Test(arguments: [
    ("mlp", 535_040), ("lenet5", 416_520), ("alexnet", 714_188_480), ("alexnet2012", 724_406_816),
    ("caffenet", 724_406_816), ("zfnet", 1_168_032_896),
  ]) func multiplyAccumulates(name: String, count: Int) throws {
    #expect(try NetworkRegistry.graph(name).macs().reduce(0, +) == count)
  }

  @Test func alexNetIsNamedAsTorchvisions() throws {
    let shapes = try shapes("alexnet")
    #expect(
      shapes == [
        "features.0.weight": [64, 3, 11, 11], "features.0.bias": [64],
        "features.3.weight": [192, 64, 5, 5], "features.3.bias": [192],
        "features.6.weight": [384, 192, 3, 3], "features.6.bias": [384],
        "features.8.weight": [256, 384, 3, 3], "features.8.bias": [256],
        "features.10.weight": [256, 256, 3, 3], "features.10.bias": [256],
        "classifier.1.weight": [4096, 9216], "classifier.1.bias": [4096],
        "classifier.4.weight": [4096, 4096], "classifier.4.bias": [4096],
        "classifier.6.weight": [1000, 4096], "classifier.6.bias": [1000],
      ])
  }

  @Test func caffesNamesAndGroups() throws {
    for name in ["alexnet2012", "caffenet"] {
      let shapes = try shapes(name)
      #expect(shapes["conv1.weight"] == [96, 3, 11, 11])
      #expect(shapes["conv2.weight"] == [256, 48, 5, 5])
      #expect(shapes["conv4.weight"] == [384, 192, 3, 3])
      #expect(shapes["fc6.weight"] == [4096, 9216])
    }
    #expect(try shapes("zfnet")["conv2.weight"] == [256, 96, 5, 5])
    #expect(try shapes("zfnet").keys == shapes("caffenet").keys)
  }

  /// AlexNet normalises and then pools, CaffeNet the other way round.
  @Test func whereResponsesAreNormalised() throws {
    func order(_ name: String) throws -> [String] {
      try NetworkRegistry.graph(name).nodes.map(\.operation.label).filter {
        ["local_response_norm", "max_pool2d"].contains($0)
      }
    }
    let (norm, pool) = ("local_response_norm", "max_pool2d")
    #expect(try order("alexnet2012") == [norm, pool, norm, pool, pool])
    #expect(try order("caffenet") == [pool, norm, pool, norm, pool])
    #expect(try order("zfnet") == [pool, norm, pool, norm, pool])
  }

  /// The sizes of the papers' figures.
  @Test func featureMaps() throws {
    func heights(_ name: String) throws -> [Int] {
      let graph = try NetworkRegistry.graph(name)
      let shapes = try graph.inferShapes()
      return graph.nodes.indices.filter {
        ["conv2d", "max_pool2d", "average_pool2d"].contains(graph.nodes[$0].operation.label)
      }.map { shapes[$0][0].height }
    }
    #expect(try heights("lenet5") == [28, 14, 10, 5])
    #expect(try heights("alexnet2012") == [55, 27, 27, 13, 13, 13, 13, 6])
    #expect(try heights("caffenet") == [55, 27, 27, 13, 13, 13, 13, 6])
    #expect(try heights("zfnet") == [110, 55, 26, 13, 13, 13, 13, 6])
    #expect(try heights("alexnet") == [55, 27, 27, 13, 13, 13, 13, 6])
  }

  /// As torchvision's, AlexNet takes images of any size that leaves features.
  @Test func alexNetTakesOtherSizes() throws {
    for size in [(63, 63), (224, 320), (300, 257)] {
      let graph = try NetworkRegistry.graph("alexnet")
      let shapes = try graph.inferShapes(["input": [2, size.0, size.1, 3]])
      #expect(shapes[graph.outputs[0]] == [2, 1, 1, 1000])
      #expect(try graph.parameterSpecs().contains { $0.spec.shape == [4096, 9216] })
    }
    let error = #expect(throws: GraphError.self) {
      try NetworkRegistry.graph("alexnet").inferShapes(["input": [1, 62, 62, 3]])
    }
    #expect(
      "\(error.map(String.init(describing:)) ?? "")".hasSuffix(
        "max_pool2d: expected a padded input of at least 3x3, found 2x2; use a larger image"))
  }

  @Test(arguments: LeNet5.Pooling.allCases) func lenetPools(pooling: LeNet5.Pooling) throws {
    let labels: [LeNet5.Pooling: String] = [
      .average: "average_pool2d", .max: "max_pool2d", .norm: "lp_pool2d", .stochastic: "stochastic_pool2d",
    ]
    let graph = try NetworkRegistry.graph("lenet5", arguments: ["pooling": "\(pooling.rawValue)"])
    let poolings = graph.nodes.map(\.operation.label).filter { $0.contains("pool") }
    #expect(poolings == [String](repeating: try #require(labels[pooling]), count: 2))
    #expect(try graph.parameterSpecs().reduce(0) { $0 + $1.spec.shape.count } == 61_706)
    let shapes = try graph.inferShapes()
    #expect(
      graph.nodes.indices.filter { poolings.contains(graph.nodes[$0].operation.label) }.map {
        shapes[$0][0].height
      } == [14, 5])
  }

  @Test func perceptronArguments() throws {
    let graph = try NetworkRegistry.graph(
      "mlp", arguments: ["hidden1": "3", "hidden2": "4", "dropout": "0", "classes": "2"])
    #expect(
      graph
        == (try MultilayerPerceptron(classes: 2, hidden: [3, 4], dropout: 0).graph(nominal: [1, 28, 28, 1])))
    #expect(
      try graph.parameterSpecs().map { "\($0.name) \($0.spec.shape)" } == [
        "fc1.weight [3, 784]", "fc1.bias [3]", "fc2.weight [4, 3]", "fc2.bias [4]", "fc3.weight [2, 4]",
        "fc3.bias [2]",
      ])
  }

  /// Gradient descent on one batch of two classes that differ in brightness.
  @Test(arguments: [
    ("mlp", [:]), ("lenet5", [:]), ("lenet5", ["pooling": "1"]), ("lenet5", ["pooling": "2"]),
    ("lenet5", ["pooling": "3"]),
  ]) func learns(name: String, more: [String: String]) throws {
    let graph = try NetworkRegistry.graph(name, arguments: more.merging(["classes": "2"]) { $1 })
    let store = try ParameterStore(graph, graph.initialParameters(seed: 3))
    let nominal = try NetworkRegistry.architecture(name).nominal
    let shape: Shape = [6, nominal.height, nominal.width, 1]
    let plan = try Plan(
      graph.withLoss(SoftmaxCrossEntropy(ignoreIndex: 255)).fusingActivations(for: .training),
      inputs: ["input": shape, Graph.labelsInput: [6, 1, 1, 1]], mode: .training, parameters: store,
      pool: ThreadPool(threads: 2))
    var stream = RandomStream(seed: 8)
    let pixels = nominal.height * nominal.width
    let image = (0..<shape.count).map { Float($0 / pixels % 2) * 0.3 + stream.normal() * 0.1 }
    var losses: [Float] = []
    for step in 0..<30 {
      try plan.input("input").copy(from: Tensor(image, shape: shape))
      try plan.input(Graph.labelsInput).copy(from: Tensor([0, 1, 0, 1, 0, 1], shape: [6, 1, 1, 1]))
      plan.forward(seed: UInt64(step))
      plan.backward(seed: UInt64(step))
      losses.append(plan.output().pointer[0])
      for item in plan.trained {
        for index in 0..<item.shape.count { item.parameter[index] -= 0.05 * item.gradient[index] }
      }
      store.didChange()
    }
    #expect(losses[29] < 0.5 * losses[0], "\(losses)")
  }
}
