import Graphs
import Images
import Inspection
import Layers
import Segmentation
import TensorCore
import Testing

/// Where a layer's map lies in the picture: a network that pads the picture sees more than there is.
@Suite struct PlacedEvidenceTests {
  private let pool = ThreadPool(threads: 2)

  private func network(_ name: String, _ arguments: [String: String] = [:]) throws -> InspectedNetwork {
    try InspectedNetwork(
      name: name, graph: try NetworkRegistry.graph(name, arguments: arguments), parameters: [:])
  }

  /// A mean over 8×8 pixels of the padded picture, which is the score of class 0.
  private func padding() throws -> InspectedNetwork {
    let builder = GraphBuilder()
    let image = try builder.input(nominal: [1, 16, 16, 3])
    let means = try image.reflectionPadded(toMultipleOf: 32).averagePool(kernel: 8, stride: 8).relu()
    let scores = try means.conv(2, kernel: 1, bias: false, "score")
    let graph = try builder.graph(
      outputs: [try scores.bilinearTransposedConv(factor: 8, "up").cropped(like: image)])
    var parameters = try graph.initialParameters(seed: 0)
    parameters["score.weight"] = Tensor([1, 1, 1, 0, 0, 0], shape: [2, 3, 1, 1])
    return try InspectedNetwork(name: "padding", graph: graph, parameters: parameters)
  }

  /// 12×20 pixels are padded to 32×32; the bright ones are in the third column of four elements.
  @Test func evidenceIsWhereThePictureIs() throws {
    let network = try padding()
    var input = Tensor(zeros: [1, 12, 20, 3])
    input.withUnsafeMutableElements { elements in
      for row in 0..<4 {
        for column in 17..<20 {
          for channel in 0..<3 { elements[(row * 20 + column) * 3 + channel] = 9 }
        }
      }
    }
    let found = try network.explanation(
      of: ExplanationTarget(class: 0, region: .everything), for: input, by: .gradCAM, pool: pool)
    #expect((found.map.rows, found.map.columns) == (4, 4))
    #expect(found.grid == MapGrid(top: 3.5, left: 3.5, rowStep: 8, columnStep: 8))
    let peak = try #require(found.peak(height: 12, width: 20))
    #expect(peak.row < 5 && peak.column >= 16)
    // Between the middles of elements 3.5 and 11.5 bilinear, the middle of the third beyond the picture's end.
    let evidence = found.evidence(height: 12, width: 20)
    #expect((evidence.rows, evidence.columns) == (12, 20))
    let expected = found.map.values[1] * 0.0625 + found.map.values[2] * 0.9375
    #expect(abs(evidence.values[19] - expected) < 1e-4 * expected)
    var truth = Mask(width: 20, height: 12, labels: [UInt8](repeating: 1, count: 240))
    for column in 16..<20 { truth[column, 0] = 0 }
    var game = PointingGame(classes: 2)
    game.add(found, truth: truth)
    #expect(game.counts[0].hits == 1)
    let sheet = found.sheet(
      of: Raster.solid(Color(red: 0, green: 0, blue: 0), width: 20, height: 12), model: "m", className: "c")
    #expect(
      sheet.sections[0].tiles.map(\.caption) == ["image", "evidence, overlaid", "evidence"])
    // The colours of the bar are those of the last tile.
    let scale = try #require(sheet.sections[0].scale)
    #expect(sheet.sections[0].tiles[2].picture == evidence.picture(scale).magnified(by: 8))
  }

  @Test func gridsOfRealNetworks() throws {
    let unet = try InspectedNetwork(
      name: "unet", graph: try NetworkRegistry.graph("unet", arguments: ["width": "2"]),
      parameters: try NetworkRegistry.graph("unet", arguments: ["width": "2"]).initialParameters(seed: 1))
    let input = unet.noise([1, 80, 104, 3], count: 1, seed: 1)[0]
    for (layer, rows, columns, grid) in [
      ("down4", 5, 7, MapGrid(top: 7.5, left: 7.5, rowStep: 16, columnStep: 16)),
      ("down1", 40, 56, MapGrid(top: 0.5, left: 0.5, rowStep: 2, columnStep: 2)),
      ("up4", 80, 112, .pixels),
    ] {
      let found = try unet.explanation(
        of: ExplanationTarget(class: 0, region: .everything), for: input, by: .gradCAM,
        layer: try unet.layer(layer), pool: pool)
      #expect((found.map.rows, found.map.columns) == (rows, columns) && found.grid == grid, "\(layer)")
    }
  }

  /// Where several layers make scores, the deepest; nowhere a side branch.
  @Test(arguments: [
    ("fcn8s", "relu_37"), ("fcn16s", "relu_37"), ("fcn32s", "relu_37"), ("unet", "relu_67"),
    ("segnet", "relu_85"), ("fcn_resnet50", "relu_175"),
  ]) func theLayerOfGradCAM(name: String, layer: String) throws {
    let network = try network(name)
    let index = try network.camLayer(for: [1, 80, 104, 3])
    #expect(network.graph.nodes[index].name == layer)
  }
}
