import Backbones
import Graphs
import TensorCore
import Testing

@Suite struct VGGTests {
  @Test func namesAndShapes() throws {
    let specs = try VGG(.vgg16).graph().parameterSpecs()
    #expect(
      specs.filter { $0.name.hasSuffix(".weight") }.map { "\($0.name) \($0.spec.shape)" } == [
        "features.0.weight [64, 3, 3, 3]", "features.2.weight [64, 64, 3, 3]",
        "features.5.weight [128, 64, 3, 3]", "features.7.weight [128, 128, 3, 3]",
        "features.10.weight [256, 128, 3, 3]", "features.12.weight [256, 256, 3, 3]",
        "features.14.weight [256, 256, 3, 3]", "features.17.weight [512, 256, 3, 3]",
        "features.19.weight [512, 512, 3, 3]", "features.21.weight [512, 512, 3, 3]",
        "features.24.weight [512, 512, 3, 3]", "features.26.weight [512, 512, 3, 3]",
        "features.28.weight [512, 512, 3, 3]", "classifier.0.weight [4096, 25088]",
        "classifier.3.weight [4096, 4096]", "classifier.6.weight [1000, 4096]",
      ])
    #expect(specs.count == 32)
  }

  @Test func namesWithBatchNorm() throws {
    let specs = try VGG(.vgg16BatchNorm).graph().parameterSpecs()
    let shapes = Dictionary(uniqueKeysWithValues: specs.map { ($0.name, $0.spec.shape) })
    #expect(shapes["features.0.bias"] == [64])
    #expect(shapes["features.1.running_mean"] == [64])
    #expect(shapes["features.7.weight"] == [128, 64, 3, 3])
    #expect(shapes["features.40.weight"] == [512, 512, 3, 3])
    #expect(shapes["features.41.running_var"] == [512])
    #expect(specs.count == 13 * 6 + 6)
  }

  @Test func featuresAreThoseOfSegmentationModels() throws {
    let builder = GraphBuilder()
    let image = try builder.input(nominal: [1, 64, 64, 3])
    let features = try VGG(.vgg19BatchNorm).features(image, "encoder")
    #expect(features.map(\.channels) == [64, 128, 256, 512, 512, 512])
    let graph = try builder.graph(outputs: features)
    #expect(
      features.map { graph.nodes[$0.value.node].operation.label }
        == ["relu", "relu", "relu", "relu", "relu", "max_pool2d"])
  }
}
