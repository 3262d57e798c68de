import Graphs
import Inspection
import Layers
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
    ("segnet", "encoder", "relu_43"), ("unet-resnet18", "encoder.layer1", "relu_19"),
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

  /// torchvision counts activations and poolings too.
  @Test func numbersInAList() throws {
    let network = try network("vgg16")
    let graph = network.graph
    let pools = graph.nodes.indices.filter { graph.nodes[$0].operation is MaxPool2D }
    #expect(
      try ["features.4", "features.9", "features.16", "features.23", "features.30"].map(network.layer)
        == pools)
    let last = try network.layer("features.28")
    #expect(try network.layer("features.29") == last + 1)
    for name in [
      "features.31", "features.x", "features.-1", "classifier.99", "features.99999999999999999999",
    ] {
      #expect(throws: InspectionError.self) { try network.layer(name) }
    }
    #expect(network.title(ofLayer: last, named: "features.28") == "features.28")
    #expect(
      network.title(ofLayer: last + 1, named: "features.29") == "features.29: \(graph.nodes[last + 1].name)")
  }

  @Test func namesNearIt() throws {
    let network = try network("unet")
    func near(_ name: String) -> [String] {
      do { _ = try network.layer(name) } catch {
        if case .unknownLayer(_, _, let near) = error { return near }
      }
      return []
    }
    #expect(near("down5") == ["down1", "down2", "down3", "down4"])
    #expect(
      near("up1.conv.double_conv.9") == [
        "up1.conv.double_conv.0", "up1.conv.double_conv.1", "up1.conv.double_conv.3",
        "up1.conv.double_conv.4",
      ])
    #expect(near("up2.convs").first == "up2.conv")
  }

  @Test func noSuchBlock() throws {
    let network = try network("resnet18")
    for name in ["layer9", "", ".", "layer2.", "layer"] {
      #expect(throws: InspectionError.self) { try network.layer(name) }
      #expect(throws: InspectionError.self) { try network.convolution(name) }
    }
  }
}
