import Backbones
import Graphs
import Layers
import TensorCore
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
}
