import Backbones
import Graphs
import TensorCore
import Testing

@Suite struct DenseNetTests {
  @Test func namesAndShapes() throws {
    let specs = try DenseNet(.densenet121).graph().parameterSpecs()
    let shapes = Dictionary(uniqueKeysWithValues: specs.map { ($0.name, $0.spec.shape) })
    #expect(shapes["features.conv0.weight"] == [64, 3, 7, 7])
    #expect(shapes["features.norm0.running_mean"] == [64])
    #expect(shapes["features.denseblock1.denselayer1.norm1.weight"] == [64])
    #expect(shapes["features.denseblock1.denselayer6.conv1.weight"] == [128, 224, 1, 1])
    #expect(shapes["features.denseblock4.denselayer16.conv2.weight"] == [32, 128, 3, 3])
    #expect(shapes["features.transition3.norm.bias"] == [1024])
    #expect(shapes["features.transition3.conv.weight"] == [512, 1024, 1, 1])
    #expect(shapes["features.norm5.weight"] == [1024])
    #expect(shapes["classifier.weight"] == [1000, 1024])
    // 120 convolutions, as many batch norms and the last, and the dense layer.
    #expect(specs.count == 120 + 121 * 4 + 2)
  }

  @Test func featuresAreThoseOfSegmentationModels() throws {
    let builder = GraphBuilder()
    let image = try builder.input(nominal: [1, 64, 64, 3])
    let features = try DenseNet(.densenet161).features(image, "encoder")
    // segmentation_models.pytorch, encoders/densenet.py: out_channels of densenet161.
    #expect(features.map(\.channels) == [96, 384, 768, 2112, 2208])
    let graph = try builder.graph(outputs: features)
    #expect(
      features.map { graph.nodes[$0.value.node].operation.label }
        == ["relu", "relu", "relu", "relu", "batch_norm2d"])
  }
}
