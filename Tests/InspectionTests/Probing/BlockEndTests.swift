import Graphs
import Inspection
import Segmentation
import TensorCore
import Testing

/// The start of a name means the end of that block.
@Suite struct BlockEndTests {
  private func network(_ name: String) throws -> InspectedNetwork {
    try InspectedNetwork(name: name, graph: try NetworkRegistry.graph(name), parameters: [:])
  }

  @Test(arguments: [
    // A sum with the shortcut, and the ReLU behind it.
    ("resnet18", "layer1", "relu_18"), ("resnet18", "layer2", "relu_34"), ("resnet18", "layer2.0", "relu_27"),
    ("resnet18", "layer2.1", "relu_34"),
    // The projection of a shortcut ends before the sum.
    ("resnet18", "layer2.0.downsample", "layer2.0.downsample.1"),
    // A dense block joins what its layers give; a layer gives its own channels.
    ("densenet121", "features.denseblock1", "concat_46"),
    ("densenet121", "features.denseblock1.denselayer3", "features.denseblock1.denselayer3.conv2"),
    // Branches side by side, and one of them.
    ("googlenet", "inception3a", "concat_31"), ("googlenet", "inception3a.branch1", "relu_14"),
    ("googlenet", "inception3a.branch4", "relu_30"),
    // Skips and pooling indices leave a block without being its end.
    ("unet", "inc", "relu_7"), ("unet", "down2", "relu_21"), ("unet", "down4", "relu_35"),
    ("segnet", "encoder", "relu_43"), ("unet-resnet18", "encoder.layer1", "relu_18"),
    ("vgg16", "features.0", "features.0"), ("fcn_resnet50", "backbone.layer1", "relu_36"),
  ]) func ends(model: String, prefix: String, layer: String) throws {
    let network = try network(model)
    let index = try network.layer(prefix)
    #expect(network.graph.nodes[index].name == layer)
  }

  @Test(arguments: [
    ("unet", "down4", "down4.maxpool_conv.1.double_conv.3"), ("resnet18", "layer2", "layer2.1.conv2"),
    ("unet", "up1.up", "up1.up"),
  ]) func lastConvolutions(model: String, prefix: String, layer: String) throws {
    let network = try network(model)
    #expect(network.graph.nodes[try network.convolution(prefix)].name == layer)
  }

  @Test func noSuchBlock() throws {
    let network = try network("resnet18")
    for name in ["layer9", "", ".", "layer2.", "layer"] {
      #expect(throws: InspectionError.self) { try network.layer(name) }
      #expect(throws: InspectionError.self) { try network.convolution(name) }
    }
  }
}
