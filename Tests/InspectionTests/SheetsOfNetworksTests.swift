import Graphs
import Images
import Inspection
import TensorCore
import Testing

/// Filters, activations and errors as sheets.
@Suite struct SheetsOfNetworksTests {
  private let pool = ThreadPool(threads: 2)

  @Test func filtersOfTheFirstLayerAreInColour() throws {
    let file = try SmallNetworks.golden()
    let network = try SmallNetworks.network(SmallNetworks.classifier(), file)
    let sheet = try network.filters().sheet(model: network.name)
    #expect(sheet.title == "small: filters of c1")
    #expect(sheet.notes[0] == "4 filters of 3 × 3×3")
    let tiles = sheet.sections[0].tiles
    #expect(tiles.map(\.caption) == ["0", "1", "2", "3"])
    let weight = try file.tensor("parameters.c1.weight").elements
    let largest = weight.reduce(0) { max($0, abs($1)) }
    // The last tap of filter 2, red, green and blue.
    guard case .eight(let rgb) = tiles[2].picture.samples else { throw CancellationError() }
    let expected = (0..<3).map { UInt8((127.5 + 127.5 * weight[(2 * 3 + $0) * 9 + 8] / largest).rounded()) }
    #expect(Array(rgb.suffix(3)) == expected)
    #expect(tiles[2].picture.width % 3 == 0)
  }

  @Test func filtersOfOthersChannelByChannel() throws {
    let file = try SmallNetworks.golden()
    let network = try SmallNetworks.network(SmallNetworks.classifier(), file)
    let sheet = try network.filters(ofLayer: try network.layer("c2")).sheet(model: network.name)
    let scale = try #require(sheet.sections[0].scale)
    let weight = try file.tensor("parameters.c2.weight").elements
    #expect(scale.highest == Double(weight.reduce(0) { max($0, abs($1)) }) && scale.lowest == -scale.highest)
    let picture = sheet.sections[0].tiles[0].picture
    // Five rows and four columns of 3×3 taps of 24 pixels, with room for indices of one digit at the left and above.
    let side = 73
    #expect((picture.width, picture.height) == (12 + 6 + 4 * side - 1, 14 + 8 + 5 * side - 1))
    // The middle of the middle tap of output 3 and input 1.
    guard case .eight(let rgb) = picture.samples else { throw CancellationError() }
    let (x, y) = (18 + side + (side - 1) / 2, 22 + 3 * side + (side - 1) / 2)
    let value = (weight[(3 * 4 + 1) * 9 + 4] / Float(scale.highest) + 1) / 2
    let color = ColorMap.balance.color(at: (value * 255).rounded() / 255)
    #expect(
      Array(rgb[3 * (y * picture.width + x)..<3 * (y * picture.width + x) + 3]) == [
        color.red, color.green, color.blue,
      ])
  }

  @Test func aLayerWithoutFilters() throws {
    let network = try SmallNetworks.network(SmallNetworks.classifier(), SmallNetworks.golden())
    let error = #expect(throws: InspectionError.self) {
      try network.filters(ofLayer: try network.layer("head"))
    }
    #expect(
      error?.description
        == "head: expected a convolution, whose filters can be drawn, found dense; near it are c2, c1; 'segment summary' "
        + "lists them all")
  }

  @Test func theStrongestChannelsComeFirst() throws {
    let builder = GraphBuilder()
    let image = try builder.input(nominal: [1, 4, 4, 1])
    let graph = try builder.graph(outputs: [try image.conv(3, kernel: 1, bias: false, "c").relu()])
    let network = try InspectedNetwork(
      name: "n", graph: graph, parameters: ["c.weight": Tensor([1, -5, 3], shape: [3, 1, 1, 1])])
    let input = Tensor(repeating: 2, shape: [1, 4, 4, 1])
    let found = try network.activations(
      of: [try network.layer("c"), try network.layer("relu_2")], for: input, pool: pool)
    #expect(found.map(\.layer) == ["c", "relu_2"])
    #expect(found[0].channels.map(\.index) == [1, 2, 0] && found[0].channels.map(\.strength) == [10, 6, 2])
    #expect(found[1].channels.map(\.index) == [2, 0, 1] && found[1].channels.map(\.strength) == [6, 2, 0])
    #expect(found[0].channels[0].map.values == [Float](repeating: -10, count: 16))
    let sheet = LayerActivation.sheet(
      found, top: 2, picture: Raster.solid(Color(red: 0, green: 0, blue: 0), width: 4, height: 4), title: "t")
    #expect(sheet.sections.map { $0.tiles.count } == [1, 2, 2])
    #expect(sheet.sections[1].scale?.lowest == -10 && sheet.sections[2].scale?.lowest == 0)
    #expect(sheet.sections[2].tiles[0].caption == "2: 6")
  }

  @Test func chosenFilters() throws {
    let network = try SmallNetworks.network(SmallNetworks.classifier(), SmallNetworks.golden())
    let bank = try network.filters(ofLayer: try network.layer("c2"))
    #expect((bank.outputs, bank.inputs, bank.height, bank.width) == (5, 4, 3, 3))
    let sheet = try bank.sheet(model: "m", called: "x: c2", FilterChoice(outputs: 3...4, inputs: 1...1))
    #expect(sheet.title == "m: filters of x: c2")
    #expect(sheet.notes.last == "shown are outputs 3…4 and inputs 1…1")
    #expect(sheet.sections[0].tiles[0].picture.width == 18 + 72)
    let error = #expect(throws: InspectionError.self) { try bank.shown(FilterChoice(inputs: 2...4)) }
    #expect(error?.description == "c2: expected a channel of 0…3, found 4")
    // Named inputs of a layer that reads colour are drawn one by one.
    let first = try network.filters()
    #expect(first.readsColor && !bank.readsColor)
    #expect(try first.sheet(model: "m", FilterChoice(inputs: 0...2)).sections[0].scale != nil)
    let sum = (0..<3).reduce(0.0) { sum, input in
      first.map(1, input).values.reduce(sum) { $0 + Double($1) * Double($1) }
    }
    #expect(abs(first.norm(ofOutput: 1) - sum.squareRoot()) < 1e-12)
    for (text, range) in [("3", 3...3), ("0-255", 0...255), ("7-9", 7...9)] {
      #expect(FilterChoice.range(text) == range)
    }
    for text in ["", "-", "-3", "3-", "4-3", "0-256", "a-b", "1-2-3", "1-99999999999999999999"] {
      #expect(FilterChoice.range(text) == nil, "\(text)")
    }
  }

  /// Nine layers of sixteen channels of a photograph.
  @Test func activationsOfALargePicture() throws {
    let builder = GraphBuilder()
    var y = try builder.input(nominal: [1, 8, 8, 3])
    for index in 0..<9 { y = try y.conv(16, kernel: 1, Scope("c\(index)")) }
    let network = try SmallNetworks.fresh(try builder.graph(outputs: [y]))
    let picture = Raster.solid(Color(red: 200, green: 100, blue: 50), width: 600, height: 400)
    let found = try network.activations(
      of: try (0..<9).map { try network.layer("c\($0)") }, for: try network.tensor(of: picture), pool: pool)
    let sheet = LayerActivation.sheet(found, top: 16, picture: picture, title: "t")
    #expect(sheet.size.width <= 2000 && sheet.size.height <= 3000)
    let drawn = sheet.picture()
    #expect((drawn.width, drawn.height) == sheet.size)
    #expect(sheet.sections[1].tiles[0].picture.width >= 48)
  }

  @Test func theLayersBeforeChangesOfSize() throws {
    let network = try SmallNetworks.fresh(try SmallNetworks.linked())
    let layers = try network.layersBeforeChangesOfSize(for: [1, 8, 8, 3])
    #expect(layers.map { network.graph.nodes[$0].name } == ["relu_3", "relu_6"])
  }

  private func entry(_ name: String, _ iou: Double) -> ErrorGallery.Entry {
    let picture = Raster.solid(Color(red: 100, green: 100, blue: 100), width: 4, height: 2)
    let truth = Mask(width: 4, height: 2, labels: [0, 0, 1, 1, 0, 0, 1, 255])
    let prediction = Mask(width: 4, height: 2, labels: [0, 1, 1, 1, 0, 0, 0, 0])
    return .init(
      name: name, picture: picture, truth: truth, prediction: prediction, meanIoU: iou, iou: [iou, nil])
  }

  @Test func theWorstErrorsFirst() throws {
    var gallery = ErrorGallery(
      title: "t", classes: ["sky", "<road>"], palette: .voc, limit: 2)
    for (name, iou) in [("b", 0.5), ("a", 0.1), ("c", 0.9), ("nothing", .nan), ("d", 0.1)] {
      gallery.add(entry(name, iou))
    }
    #expect(gallery.entries.map(\.name) == ["a", "d"] && gallery.seen == 5)
    let page = String(decoding: try gallery.bytes(for: "e.html"), as: UTF8.self)
    #expect(page.contains("the 2 worst of 5 images by mean IoU"))
    #expect(page.contains("&lt;road&gt;") && !page.contains("http"))
    #expect(page.components(separatedBy: "<figure>").count == 2 * 4 + 1)
    for title in ["image", "truth", "prediction", "difference"] {
      #expect(page.contains("<figcaption>\(title)</figcaption>"))
    }
    // Small pictures are magnified, and classes have their colours beside their scores.
    #expect(page.contains("<img width=\"64\" height=\"32\" alt=\"truth\""))
    let sheet = gallery.sheet
    #expect(sheet.sections[0].heading == "1. a, mean IoU 0.1")
    #expect(sheet.sections[0].keys == [.init(Palette.voc[0], "sky 0.1")])
    #expect(sheet.sections.last?.keys.map(\.text) == ["sky", "<road>"])
    #expect(gallery.ranking.map(\.name) == ["a", "d", "b", "c", "nothing"])
    let picture = try gallery.bytes(for: "e.png")
    #expect(picture.prefix(4) == [0x89, 0x50, 0x4E, 0x47])
  }
}
