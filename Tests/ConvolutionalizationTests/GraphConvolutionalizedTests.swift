import Backbones
import Convolutionalization
import Graphs
import Layers
import TensorCore
import TestSupport
import Testing

@Suite struct GraphConvolutionalizedTests {
  private let pool = ThreadPool(threads: 2)

  @Test func leNet() throws {
    let pairing = try Pairing(LeNet5(), [1, 32, 32, 1])
    #expect(pairing.sliding.stride == 4 && pairing.sliding.size == 32)
    try pairing.compare(.random([1, 32, 32, 1], seed: 1), cells: 1, pool)
    try pairing.compare(.random([1, 47, 53, 1], seed: 2), cells: Pair(4, 6), pool)
    // A mean, a window and a pixel are all that the network consists of now.
    #expect(!pairing.sliding.graph.nodes.contains { $0.operation is Dense })
    #expect(
      try pairing.sliding.graph.parameterSpecs().map { "\($0.name) \($0.spec.shape)" }[4...5] == [
        "fc1.weight [120, 16, 5, 5]", "fc1.bias [120]",
      ])
  }

  @Test func perceptron() throws {
    let pairing = try Pairing(MultilayerPerceptron(hidden: [9, 7]), [1, 28, 28, 1])
    #expect(pairing.sliding.stride == 1)
    try pairing.compare(.random([1, 30, 29, 1], seed: 1), cells: Pair(3, 2), pool)
  }

  @Test func lookAlikeOfVGG() throws {
    // Without padding every cell agrees.
    let open = try Pairing(SmallVGG(padding: 0), [1, 26, 30, 3])
    #expect(open.sliding.stride == 4 && open.sliding.size == Pair(26, 30))
    try open.compare(.random([1, 26, 30, 3], seed: 1), cells: 1, pool)
    try open.compare(.random([1, 35, 46, 3], seed: 2), cells: Pair(3, 5), pool)
    let padded = try Pairing(SmallVGG(padding: 1), [1, 16, 16, 3])
    try padded.compare(.random([1, 16, 16, 3], seed: 3), cells: 1, pool)
  }

  /// A cell whose window meets no padding is what the network without padding gives on all that the cell sees.
  @Test func awayFromPadding() throws {
    let padded = try Pairing(SmallVGG(padding: 1), [1, 16, 16, 3])
    // Four 3×3 windows and two halvings on 4×4 features: 28 pixels, 6 of them beyond the part of 16 on each side.
    let image = Tensor.random([1, 48, 52, 3], seed: 4)
    let map = try padded.slider(pool).run(image)
    #expect(map.shape == [1, 9, 10, 5])
    let open = try SmallVGG(padding: 0).graph(nominal: [1, 28, 28, 3])
    let model = try InferenceModel(open, parameters: padded.parameters, pool: pool)
    let largest = map.elements.map(abs).max() ?? 0
    var compared = 0
    for row in 2...6 {
      for column in 2...7 {
        let part = image.part(y: row * 4 - 6, x: column * 4 - 6, height: 28, width: 28)
        let expected = try model.run(part).elements
        let found = map.part(y: row, x: column, height: 1, width: 1).elements
        #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-5 * largest }, "\(row) \(column)")
        compared += 1
      }
    }
    #expect(compared == 30)
  }

  @Test func globalPool() throws {
    let pairing = try Pairing(SmallResidual(), [1, 20, 16, 3])
    #expect(pairing.sliding.stride == 2)
    try pairing.compare(.random([1, 20, 16, 3], seed: 1), cells: 1, pool)
    try pairing.compare(.random([1, 27, 24, 3], seed: 2), cells: Pair(4, 5), pool)
  }

  /// Adaptive poolings that divide their input make the dense layer behind them dilated.
  @Test func adaptivePool() throws {
    let pairing = try Pairing(SmallAdaptive(), [1, 14, 26, 3])
    let dense = try #require(
      pairing.sliding.graph.nodes.first { $0.name == "fc1" }?.operation as? Convolution)
    #expect(dense.kernel == Pair(3, 2) && dense.dilation == Pair(2, 6))
    try pairing.compare(.random([1, 14, 26, 3], seed: 1), cells: 1, pool)
    try pairing.compare(.random([1, 20, 32, 3], seed: 2), cells: 4, pool)
    let error = #expect(throws: ConvolutionalizationError.self) {
      try pairing.graph.convolutionalized(at: Pair(16, 26))
    }
    #expect(
      error?.description
        == "adaptive_average_pool2d_3: expected features of a multiple of 3x2 at the training size, found 7x12; "
        + "choose another training size")
  }

  @Test func alexNetAtItsTrainingSize() throws {
    let sliding = try AlexNet(classes: 10).graph(nominal: [1, 224, 224, 3]).convolutionalized()
    #expect(sliding.stride == 32 && sliding.size == 224)
    // The features have the size that they are pooled to: nothing is left of that.
    #expect(sliding.graph.nodes.allSatisfy { !($0.operation is AdaptiveAveragePool2D) })
  }

  /// A network of each family, small; auxiliary heads are left out.
  static let families: [(name: String, network: any Network, stride: Int)] = [
    ("resnet", ResNet(.basic, blocks: [1, 1, 1, 1], width: 4, classes: 5), 32),
    ("densenet", DenseNet(growth: 4, layers: [1, 2, 1, 1], stem: 8, classes: 5), 32),
    (
      "vgg", VGG(convolutions: [1, 1, 1, 1, 1], batchNorm: true, width: 4, hidden: 16, classes: 5), 32
    ),
    ("googlenet", GoogLeNet(classes: 5, slimming: 8, hasAuxiliary: true), 32),
  ]

  @Test(arguments: families) func familiesSlide(name: String, network: any Network, stride: Int) throws {
    let graph = try network.graph(nominal: [1, 224, 224, 3])
    let parameters = try graph.initialParameters(seed: 5)
    let sliding = try graph.convolutionalized()
    #expect(sliding.stride == Pair(stride))
    let slider = try InferenceModel(
      sliding.graph, parameters: try sliding.parameters(from: parameters), pool: pool)
    let classifier = try InferenceModel(graph, parameters: parameters, pool: pool)
    let image = Tensor.random([1, 224, 224, 3], seed: 6)
    let (found, expected) = (try slider.run(image), try classifier.run(image))
    #expect(found.shape == expected.shape)
    let largest = expected.elements.map(abs).max() ?? 0
    #expect(zip(found.elements, expected.elements).allSatisfy { abs($0 - $1) <= 1e-5 * largest })
    #expect(try slider.run(.random([1, 320, 480, 3], seed: 7)).shape == [1, 4, 9, 5])
  }

  @Test func refusals() throws {
    let padded = try Refused(kind: .reflection).graph(nominal: [1, 9, 9, 3])
    #expect(
      text { try padded.convolutionalized() }
        == "reflection_pad2d_1: expected an operator that slides over an image, found reflection_pad2d")
    let gaps = try Refused(kind: .adaptive).graph(nominal: [1, 8, 8, 3])
    #expect(
      text { try gaps.convolutionalized() }
        == "max_pool2d_2: expected a dense layer behind an adaptive pooling, found max_pool2d")
    let lenet = try LeNet5().graph(nominal: [1, 32, 32, 1])
    #expect(
      text { try lenet.convolutionalized(at: 4) }
        == "conv1: conv2d: expected a padded input of at least 5x5, found 4x4; use a larger image")
    let sliding = try lenet.convolutionalized()
    var parameters = try lenet.initialParameters(seed: 1)
    parameters["fc1.weight"] = Tensor(zeros: [120, 16])
    #expect(
      text { try sliding.parameters(from: parameters) }
        == "fc1.weight: expected a parameter of [120, 16, 5, 5], found [120, 16]")
    parameters["fc1.weight"] = nil
    #expect(
      text { try sliding.parameters(from: parameters) }
        == "fc1.weight: expected a parameter, found none; load weights that have it")
  }

  @Test func parametersAreTheSameElements() throws {
    let pairing = try Pairing(LeNet5(), [1, 32, 32, 1])
    let parameters = try pairing.sliding.parameters(from: pairing.parameters)
    #expect(parameters.keys == pairing.parameters.keys)
    for (name, tensor) in parameters {
      #expect(tensor.elements == pairing.parameters[name]?.elements)
    }
  }

  private func text(_ body: () throws -> some Any) -> String {
    do {
      _ = try body()
      return ""
    } catch {
      return "\(error)"
    }
  }
}
