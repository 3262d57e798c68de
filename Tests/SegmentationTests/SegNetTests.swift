import Graphs
import Layers
import Segmentation
import TensorCore
import Testing

@Suite struct SegNetTests {
  /// Each unpooling reads the indices of the pooling of its own level, and gets that level's size.
  @Test(arguments: [5, 4])
  func unpoolsByTheEncodersIndices(levels: Int) throws {
    let graph =
      try levels == 5 ? SegNet(classes: 2, width: 1).graph() : SegNetBasic(classes: 2, width: 1).graph()
    let poolings = graph.nodes.indices.filter { graph.nodes[$0].operation is MaxPool2D }
    let unpoolings = graph.nodes.filter { $0.operation is MaxUnpool2D }
    #expect(poolings.count == levels)
    #expect(unpoolings.map { $0.inputs[1] } == poolings.reversed().map { Graph.Value(node: $0, output: 1) })
    #expect(unpoolings.map { $0.inputs[2] } == poolings.reversed().map { graph.nodes[$0].inputs[0] })
  }

  @Test func mirrorsTheEncoder() throws {
    let graph = try SegNet(classes: 7).graph()
    let convolutions = graph.nodes.compactMap { node in (node.operation as? Convolution)?.outputs }
    let stages = [64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512]
    #expect(convolutions == stages + [512, 512, 512, 512, 512, 256, 256, 256, 128, 128, 64, 64, 7])
    #expect(graph.nodes.filter { $0.operation is BatchNorm2D }.count == 25)
  }
}
