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
    #expect(
      Set(json.keys) == [
        "model", "parameters", "untrained", "macs", "receptive_field", "training", "inference", "layers",
      ])
    let layers = try #require(json["layers"] as? [[String: Any]])
    #expect(layers.count == 25)
    for layer in layers {
      #expect(
        Set(layer.keys) == [
          "name", "operator", "output", "parameters", "untrained", "macs", "receptive_field", "stride",
          "bytes",
        ])
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
    let stem = try image.conv(20, kernel: 3, stride: 2, "stem").batchNorm("norm")
    let graph = try builder.graph(outputs: [try stem.relu().resized(by: 2, .nearest)])
    let summary = try NetworkSummary("tiny", graph, input: [1, 10, 10, 3])
    #expect(
      summary.table.split(separator: "\n").dropLast(2).joined(separator: "\n") == """
        layer       operator      output      parameters  untrained    MACs  field  stride    memory
        ────────────────────────────────────────────────────────────────────────────────────────────
        input       input         1×10×10×3            0          0       0      1       1  1.17 KiB
        stem        conv2d        1×5×5×20           560          0  13,500      3       2  1.95 KiB
        norm        batch_norm2d  1×5×5×20            40         40       0      3       2  1.95 KiB
        relu_3      relu          1×5×5×20             0          0       0      3       2  1.95 KiB
        resize2d_4  resize2d      1×10×10×20           0          0       0      3       1  7.81 KiB
        ────────────────────────────────────────────────────────────────────────────────────────────
        tiny: 600 parameters, 13,500 multiply-accumulates, receptive field 3 × 3 pixels; 40 running statistics are not \
        trained
        """)
  }

  /// The classifier that courses build; its dense layer of 128 reads the 2×2×64 that unpadded convolutions leave.
  @Test func rockPaperScissors() throws {
    let summary = try NetworkSummary(
      "rock-paper-scissors", try SmallNetworks.rockPaperScissors(), input: [1, 32, 32, 3])
    let counted = summary.layers.filter { $0.parameters > 0 }
    #expect(counted.map(\.parameters) == [448, 4640, 18_496, 32_896, 387])
    #expect(summary.parameters == 56_867 && summary.untrained == 0)
    #expect(
      counted.map(\.output) == [
        [1, 30, 30, 16], [1, 13, 13, 32], [1, 4, 4, 64], [1, 1, 1, 128], [1, 1, 1, 3],
      ])
    // Output pixels · filters · inputs · taps.
    let products = [30 * 30 * 16 * 27, 13 * 13 * 32 * 144, 4 * 4 * 64 * 288, 128 * 256, 3 * 128]
    #expect(counted.map(\.macs) == products)
    #expect(counted.map(\.receptiveField) == [[3, 3], [8, 8], [18, 18], [30, 30], [30, 30]])
    #expect(counted.prefix(3).map(\.stride) == [[1, 1], [2, 2], [4, 4]])
    // A step computes each product again for the weights, and for the inputs of all but the first layer.
    #expect(summary.training.macs == 3 * products.reduce(0, +) - products[0])
    #expect(summary.inference.macs == products.reduce(0, +))
    #expect(summary.training.parameters == 56_867 && summary.inference.parameters == 56_867)
    #expect(summary.training.parameterBytes == 4 * 56_867 && summary.training.gradientBytes == 4 * 56_867)
    #expect(summary.inference.gradientBytes == 0)
  }

  /// The memory of the totals is what plans take: checked against real ones.
  @Test(arguments: ["unet", "segnet_basic", "googlenet"]) func memoryIsThatOfPlans(name: String) throws {
    let arguments = ["unet": ["width": "4"], "googlenet": ["auxiliary": "1"]][name] ?? [:]
    let graph = try NetworkRegistry.graph(name, arguments: arguments)
    let input = try NetworkRegistry.architecture(name).nominal
    let summary = try NetworkSummary(name, graph, input: input)
    let parameters = try graph.initialParameters(seed: 0)
    let pool = ThreadPool(threads: 1)
    let model = try InferenceModel(graph, parameters: parameters, pool: pool)
    #expect(summary.inference.activationBytes == 4 * (try model.plan(for: input)).arenaCount)
    let training = try graph.withLoss(SoftmaxCrossEntropy()).fusingActivations(for: .training)
      .fusingSums(for: .training)
    let labels = try graph.inferShapes()[graph.outputs[0]].with(channels: 1)
    let plan = try Plan(
      training, inputs: ["input": input, "labels": labels], mode: .training,
      parameters: try ParameterStore(training, parameters), pool: pool)
    #expect(summary.training.activationBytes == 4 * plan.arenaCount)
    #expect(summary.training.activationBytes > summary.inference.activationBytes)
    // Auxiliary heads are trained and not run; folded batch norms are a percent at most.
    let share = Double(summary.inference.parameters) / Double(summary.training.parameters)
    #expect((share < 0.6) == (name == "googlenet") && share < 1.01 && (share > 0.98 || name == "googlenet"))
  }
}
