import Convolutionalization
import Graphs
import Inspection
import Layers
import Segmentation
import TensorCore
import Testing

/// The receptive fields of summaries, against the extent of the gradient of an output with respect to the image.
@Suite struct ReceptiveFieldGradientTests {
  /// Networks whose outputs all see the same; a classifier has the one, at its training size.
  @Test(arguments: NetworkRegistry.architectures.filter { $0.task == .classification }.map(\.name))
  func classifiers(name: String) throws {
    let architecture = try NetworkRegistry.architecture(name)
    let graph = try NetworkRegistry.graph(name)
    let summary = try NetworkSummary(name, graph, input: architecture.nominal)
    // On a larger image, where no border cuts the gradient off, the classifier slides.
    let sliding = try graph.convolutionalized()
    let probe = try GradientProbe(sliding.graph)
    let stride = sliding.stride.height
    let cell = summary.receptiveField / 2 / stride + 2
    // Poolings that round sizes up do not do so in the probe: a little wider, all of its layers have enough.
    let found = try probe.extents(
      height: cell * stride + summary.receptiveField, width: architecture.nominal.width + stride, rows: [cell]
    )
    #expect(found == [summary.receptiveField])
  }

  /// The features that a decoder takes, or a dense layer reads.
  @Test(arguments: [
    ("lenet5", "average_pool2d", 16), ("alexnet", "max_pool2d", 195), ("vgg16", "max_pool2d", 212),
    ("googlenet", "concat", 379), ("resnet18", "relu", 435), ("resnet50", "relu", 427),
    ("densenet121", "relu", 2071),
  ])
  func features(name: String, last: String, pixels: Int) throws {
    let graph = try NetworkRegistry.graph(name)
    let index = try #require(
      graph.nodes.indices.last {
        graph.nodes[$0].operation.label == last && $0 < (graph.nodes.firstIndex { isHead($0) } ?? 0)
      })
    let convolutional = try Graph(
      nodes: Array(graph.nodes[...index]), outputs: [Graph.Value(node: index)])
    #expect(try convolutional.receptiveFields()[index]?.height == pixels)
    let probe = try GradientProbe(convolutional)
    let size = (2 * pixels + 63) / 32 * 32
    let rows = try convolutional.inferShapes(["input": [1, size, 64, probe.channels]])[index][0].height
    #expect(try probe.extents(height: size, width: 64, rows: [rows / 2]) == [pixels])
  }

  /// Outputs side by side behind an upsampling see parts of different extent; the summary gives the largest.
  @Test(arguments: [
    "unet", "segnet", "segnet_basic", "dilated", "dilated_frontend", "fcn32s", "fcn16s", "fcn8s",
    "fcn_resnet50",
    "unet-resnet34", "unet-vgg16_bn", "unet-densenet121", "fc_densenet56",
  ])
  func segmenters(name: String) throws {
    let graph = try NetworkRegistry.graph(name)
    let pixels = try NetworkSummary(name, graph, input: [1, 512, 512, 3]).receptiveField
    let size = (2 * pixels + 127) / 32 * 32
    let probe = try GradientProbe(graph)
    let rows = Array(size / 2..<size / 2 + 32)
    let found = try probe.extents(height: size, width: 32, rows: rows)
    #expect(found.max() == pixels, "\(found)")
  }

  private func isHead(_ node: Graph.Node) -> Bool {
    ["dense", "global_average_pool2d", "adaptive_average_pool2d"].contains(node.operation.label)
  }
}
