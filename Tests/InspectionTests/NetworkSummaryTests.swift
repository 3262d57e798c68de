import Foundation
import Graphs
import Inspection
import Layers
import Segmentation
import TensorCore
import Testing

@Suite struct NetworkSummaryTests {
  private func small() throws -> NetworkSummary {
    try NetworkSummary("unet", UNet(classes: 2, width: 2, depth: 1).graph(), input: [1, 8, 8, 3])
  }

  @Test func countsByHand() throws {
    let summary = try small()
    let counted = summary.layers.filter { $0.macs > 0 }
    #expect(
      counted.map(\.name) == [
        "inc.double_conv.0", "inc.double_conv.3", "down1.maxpool_conv.1.double_conv.0",
        "down1.maxpool_conv.1.double_conv.3", "up1.up", "up1.conv.double_conv.0", "up1.conv.double_conv.3",
        "outc.conv",
      ])
    // Output pixels · outputs · inputs · taps.
    #expect(
      counted.map(\.macs) == [
        64 * 2 * 3 * 9, 64 * 2 * 2 * 9, 16 * 4 * 2 * 9, 16 * 4 * 4 * 9, 64 * 2 * 4, 64 * 2 * 4 * 9,
        64 * 2 * 2 * 9, 64 * 2 * 2,
      ])
    #expect(summary.macs == 16_896)
    #expect(counted.map(\.parameters) == [54, 36, 72, 144, 34, 72, 36, 6])
    // Those, and weight and bias of six batch norms.
    #expect(summary.parameters == 454 + 2 * (2 + 2 + 4 + 4 + 2 + 2))
    #expect(summary.parameters == summary.layers.reduce(0) { $0 + $1.parameters })
    #expect(summary.macs == summary.layers.reduce(0) { $0 + $1.macs })
    #expect(summary.receptiveField == 18)
  }

  @Test func showsEveryNodeWithItsOutput() throws {
    let summary = try small()
    #expect(summary.model == "unet")
    #expect(summary.layers.count == 25)
    #expect(
      summary.layers.prefix(5).map { "\($0.name) \($0.operator) \($0.output)" } == [
        "input input [1, 8, 8, 3]", "reflection_pad2d_1 reflection_pad2d [1, 8, 8, 3]",
        "inc.double_conv.0 conv2d [1, 8, 8, 2]", "inc.double_conv.1 batch_norm2d [1, 8, 8, 2]",
        "relu_4 relu [1, 8, 8, 2]",
      ])
    #expect(summary.layers.last?.operator == "crop2d")
    #expect(summary.layers.last?.output == [1, 8, 8, 2])
  }

  @Test func theFullSizeIsThatOfThePaper() throws {
    let graph = try UNet(classes: 2).graph()
    let summary = try NetworkSummary("unet", graph, input: [1, 64, 96, 3])
    #expect(summary.parameters == 31_037_698)
    #expect(summary.receptiveField == 204)
    let twice = try NetworkSummary("unet", graph, input: [2, 64, 96, 3])
    #expect(twice.parameters == summary.parameters)
    #expect(twice.macs == 2 * summary.macs)
  }

  @Test func theKeysOfItsJSONAreFixed() throws {
    let data = try JSONEncoder().encode(small())
    let json = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(Set(json.keys) == ["model", "parameters", "macs", "receptive_field", "layers"])
    let layers = try #require(json["layers"] as? [[String: Any]])
    #expect(layers.count == 25)
    for layer in layers {
      #expect(Set(layer.keys) == ["name", "operator", "output", "parameters", "macs"])
    }
    #expect(try JSONDecoder().decode(NetworkSummary.self, from: data) == small())
  }

  @Test func refusesAnotherNumberOfChannels() throws {
    let graph = try UNet(classes: 2, width: 2, depth: 1).graph()
    let error = #expect(throws: GraphError.self) { try NetworkSummary("unet", graph, input: [1, 8, 8, 1]) }
    #expect(error?.description == "input: expected an input of [N, H, W, 3], found [1, 8, 8, 1]")
  }

  @Test func aTableHasALineForEachLayer() throws {
    let builder = GraphBuilder()
    let image = try builder.input(nominal: [1, 10, 10, 3])
    let graph = try builder.graph(outputs: [try image.conv(20, kernel: 3, "stem").relu()])
    #expect(
      try NetworkSummary("tiny", graph, input: [1, 10, 10, 3]).table == """
        layer   operator  output      parameters    MACs
        ────────────────────────────────────────────────
        input   input     1×10×10×3            0       0
        stem    conv2d    1×10×10×20         560  54,000
        relu_2  relu      1×10×10×20           0       0
        ────────────────────────────────────────────────
        tiny: 560 parameters, 54,000 multiply-accumulates, receptive field 3 × 3 pixels
        """)
  }
}
