import Graphs
import Inspection
import Layers
import Segmentation
import TensorCore
import Testing

@Suite struct FieldOfViewTests {
  private let pool = ThreadPool(threads: 2)

  /// Three convolutions of ones: the gradient of the middle is known by hand.
  @Test func gradientByHand() throws {
    let builder = GraphBuilder()
    let image = try builder.input(nominal: [1, 16, 16, 1])
    let y = try image.conv(1, kernel: 3, bias: false, "a").conv(1, kernel: 3, stride: 2, bias: false, "b")
    let graph = try builder.graph(outputs: [y])
    let ones = Tensor(repeating: 1, shape: [1, 1, 3, 3])
    let network = try InspectedNetwork(
      name: "sums", graph: graph, parameters: ["a.weight": ones, "b.weight": ones])
    let field = try network.fieldOfView(
      ofLayer: try network.layer("b"), shape: [1, 16, 16, 1],
      inputs: [Tensor(zeros: [1, 16, 16, 1])], pool: pool)
    #expect((field.theoretical.height, field.theoretical.width) == (5, 5))
    #expect((field.theoretical.strideHeight, field.theoretical.strideWidth) == (2, 2))
    #expect(field.size == Pair(8, 8) && field.element == Pair(4, 4))
    // Element 4 looks at pixels 7 to 9, each of which looks one further.
    #expect(field.rows == 6...10 && field.columns == 6...10)
    let line: [Float] = [1, 2, 3, 2, 1]
    for row in 0..<16 {
      for column in 0..<16 {
        let inside = field.rows.contains(row) && field.columns.contains(column)
        let expected = inside ? line[row - 6] * line[column - 6] / 9 : 0
        #expect(abs(field.effective.values[row * 16 + column] - expected) < 1e-6)
      }
    }
    #expect(field.seenPixels == 25 && field.effectiveSide == 5)
    #expect(field.support?.rows == 6...10 && field.support?.columns == 6...10)
    #expect(
      field.facts == [
        "theoretical: 5×5 pixels, stride 2×2", "element 4,4 of 8×8: rows 6…10, columns 6…10",
        "effective: 25 pixels of at least 4.55 % of the largest gradient, a square of 5",
        "gradient: in rows 6…10, columns 6…10",
      ])
  }

  /// What a real network sees lies within the theoretical box, and is less.
  @Test(arguments: ["unet", "segnet_basic"]) func theEffectiveFieldLiesInTheBox(name: String) throws {
    let arguments = name == "unet" ? ["width": "4", "depth": "2"] : [:]
    let graph = try NetworkRegistry.graph(name, arguments: arguments)
    let network = try SmallNetworks.fresh(graph)
    let layer = try network.layer(name == "unet" ? "down2.maxpool_conv.1.double_conv.3" : "encoder.2")
    let field = try network.fieldOfView(
      ofLayer: layer, shape: [1, 96, 96, 3],
      inputs: network.noise([1, 96, 96, 3], count: 2, seed: 5), pool: pool)
    let support = try #require(field.support)
    #expect(
      field.rows.lowerBound <= support.rows.lowerBound && support.rows.upperBound <= field.rows.upperBound)
    #expect(field.columns.lowerBound <= support.columns.lowerBound)
    #expect(support.columns.upperBound <= field.columns.upperBound)
    #expect(field.effectiveSide < Double(field.theoretical.height))
    #expect(field.effective.values.max() == 1)
  }

  /// Yu and Koltun 2016, table 1: the field of each layer of the context module on its own input.
  @Test func theContextModuleOnItsInput() throws {
    let network = try InspectedNetwork(
      name: "dilated",
      graph: try NetworkRegistry.graph("dilated", arguments: ["width": "4", "classes": "2"]),
      parameters: [:])
    let score = try network.layer("score")
    let expected = [3, 5, 9, 17, 33, 65, 67, 67]
    for (layer, pixels) in expected.enumerated() {
      let module = try network.part(from: score, to: try network.layer("context.\(layer)"))
      let fields = try module.graph.receptiveFields()
      #expect(fields.last??.height == pixels && fields.last??.width == pixels)
    }
    let module = try network.part(from: score, to: try network.layer("context.7"))
    let probe = try GradientProbe(module.graph)
    #expect(try probe.extents(height: 160, width: 16, rows: [80]) == [67])
  }

  /// Simonyan and Zisserman's last pooling, as Long et al. and others give it.
  @Test func vgg16() throws {
    let graph = try NetworkRegistry.graph("vgg16")
    let pools = graph.nodes.indices.filter { graph.nodes[$0].operation is MaxPool2D }
    let fields = try graph.receptiveFields()
    #expect(pools.map { fields[$0]?.height } == [6, 16, 44, 100, 212])
    #expect(pools.map { fields[$0]?.strideHeight } == [2, 4, 8, 16, 32])
  }

  /// No noise is made for what is refused, and no memory is taken.
  @Test(arguments: [(60_000, "found 3600000000"), (40_000, "MiB; use a smaller image")])
  func tooLarge(side: Int, says: String) throws {
    let network = try SmallNetworks.fresh(try SmallNetworks.linked())
    let shape = Shape(batch: 1, height: side, width: side, channels: 3)
    let inputs = (0..<8).lazy.map { _ -> Tensor in
      Issue.record("an input was made")
      return Tensor(zeros: [1, 1, 1, 3])
    }
    let error = #expect(throws: InspectionError.self) {
      try network.fieldOfView(
        ofLayer: try network.layer("middle.conv"), shape: shape, inputs: inputs, pool: pool,
        budget: MemoryBudget(bytes: 1 << 30))
    }
    #expect(error?.description.contains(says) == true, "\(error?.description ?? "none")")
  }

  @Test func originsOfGrids() throws {
    let builder = GraphBuilder()
    let image = try builder.input(nominal: [1, 32, 32, 3])
    let halved = try image.conv(2, kernel: 7, stride: 2, padding: 3, "a")
    let pooled = try halved.maxPool(kernel: 2, stride: 2)
    let up = try pooled.transposedConv(2, kernel: 2, stride: 2, "b")
    let graph = try builder.graph(outputs: [try up.conv(2, kernel: 3, "c")])
    let fields = try graph.receptiveFields()
    let origins = fields.compactMap { $0.map { [$0.originHeight, $0.originWidth] } }
    // Element i of `a` looks at 2i; of the pooling at 2i and 2i + 2; each element of that is spread over two.
    #expect(origins == [[0, 0], [0, 0], [1, 1], [0, 0], [0, 0]])
  }

  @Test func aPartThatSeesMore() throws {
    let network = try SmallNetworks.fresh(try SmallNetworks.linked())
    let error = #expect(throws: InspectionError.self) {
      try network.part(from: try network.layer("middle.conv"), to: try network.layer("head"))
    }
    #expect(
      error?.description
        == "head: expected a layer that sees the image through middle.conv alone, found one that sees more; name an "
        + "earlier layer with --on, or leave it out")
    #expect(throws: InspectionError.self) {
      try network.part(from: try network.layer("head"), to: try network.layer("middle.conv"))
    }
  }
}
