import Graphs
import Images
import Inspection
import TensorCore
import Testing

/// Against PyTorch's automatic differentiation in 64 bits.
@Suite struct ExplanationTests {
  private let pool = ThreadPool(threads: 2)
  /// Sums of some hundred products of floats.
  private let tolerance: Float = 1e-5

  @Test func gradCAMOfAClassifier() throws {
    let file = try SmallNetworks.golden()
    let network = try SmallNetworks.network(SmallNetworks.classifier(), file)
    let input = try file.tensor("input").channelsLast()
    let found = try network.explanation(
      of: ExplanationTarget(class: 1, region: .everything), for: input, by: .gradCAM, pool: pool)
    #expect((found.map.rows, found.map.columns) == (6, 5))
    #expect(found.layer == "relu_6")
    #expect(found.region == [true])
    #expect(error(found.map.values, try file.tensor("classifier.cam").elements) < tolerance)
    let logits = try file.tensor("classifier.logits").elements
    #expect(abs(Float(found.score) - logits[1]) < tolerance)
    #expect(found.map.values.contains { $0 > 0 } && found.map.values.contains(0))
  }

  @Test(arguments: [
    (ExplanationMethod.deconvolution, "deconvolution"), (.guidedBackpropagation, "guided"),
  ])
  func gradientsByRulesForReLUs(method: ExplanationMethod, rule: String) throws {
    let file = try SmallNetworks.golden()
    let network = try SmallNetworks.network(SmallNetworks.classifier(), file)
    let input = try file.tensor("input").channelsLast()
    let found = try network.explanation(
      of: ExplanationTarget(class: 1, region: .everything), for: input, by: method, pool: pool)
    let expected = try file.tensor("classifier.\(rule)").channelsLast()
    #expect(error(try #require(found.gradient).elements, expected.elements) < tolerance)
    let sizes = (0..<120).map { pixel in (0..<3).map { abs(expected.elements[3 * pixel + $0]) }.max() ?? 0 }
    #expect(error(found.map.values, sizes) < tolerance)
  }

  @Test func theGradientItself() throws {
    let file = try SmallNetworks.golden()
    let network = try SmallNetworks.network(SmallNetworks.classifier(), file)
    let input = try file.tensor("input").channelsLast()
    let layer = network.graph.nodes.count - 1
    let run = try GradientRun(network, input: input.shape, layer: layer, taps: [0], pool: pool)
    let logits = try run.forward(input)
    #expect(error(logits.elements, try file.tensor("classifier.logits").elements) < tolerance)
    try run.backward(weights: Tensor([0, 1, 0], shape: [1, 1, 1, 3]))
    let expected = try file.tensor("classifier.derivative").channelsLast()
    #expect(error(run.gradient(ofTap: 0).elements, expected.elements) < tolerance)
    #expect(run.activation(ofTap: 0) == input)
  }

  @Test(arguments: ["predicted", "box"]) func gradCAMOfARegion(region: String) throws {
    let file = try SmallNetworks.golden()
    let network = try SmallNetworks.network(SmallNetworks.segmenter(), file)
    let input = try file.tensor("input").channelsLast()
    let chosen = region == "box" ? try #require(ExplanationTarget.box("2,3,4,5")) : .predicted
    let found = try network.explanation(
      of: ExplanationTarget(class: 2, region: chosen), for: input, by: .gradCAM, pool: pool)
    #expect(found.layer == "relu_2")
    let mask = try file.tensor("segmenter.\(region).mask").elements
    #expect(found.region == mask.map { $0 == 1 })
    #expect(error(found.map.values, try file.tensor("segmenter.\(region).cam").elements) < tolerance)
  }

  /// A network that looks at one pixel: what is covered elsewhere changes nothing.
  @Test func occlusionFindsThePixelsThatCount() throws {
    let builder = GraphBuilder()
    let image = try builder.input(nominal: [1, 8, 8, 3])
    let graph = try builder.graph(outputs: [try image.conv(2, kernel: 1, bias: false, "head")])
    let network = try InspectedNetwork(
      name: "pixel", graph: graph,
      parameters: ["head.weight": Tensor([1, 0, 0, 0, 0, 0], shape: [2, 3, 1, 1])])
    var input = Tensor(zeros: [1, 8, 8, 3])
    input.withUnsafeMutableElements { $0[(5 * 8 + 2) * 3] = 3 }
    let target = ExplanationTarget(class: 0, region: .box(x: 2, y: 5, width: 1, height: 1))
    let found = try network.explanation(of: target, for: input, by: .occlusion, patch: 2, pool: pool)
    // The logits of the pixel are 3 and 0, and 0 and 0 when it is covered; its probability 1 / (1 + e⁻³) and a half.
    #expect(abs(found.score - 0.952574) < 1e-5)
    for pixel in 0..<64 {
      let (row, column) = (pixel / 8, pixel % 8)
      let expected: Float = (row, column) == (5, 2) ? 0.452574 : 0
      if (row, column) == (5, 2) {
        #expect(abs(found.map.values[pixel] - expected) < 1e-5)
      } else if !(4...6).contains(row) || !(1...3).contains(column) {
        #expect(found.map.values[pixel] == 0)
      }
    }
    #expect(try #require(found.peak(height: 8, width: 8)) == (5, 2))
  }

  /// Fewer images in a batch where memory is short; the map is the same up to the rounding of other algorithms.
  @Test func occlusionWithLittleMemory() throws {
    let network = try SmallNetworks.fresh(try SmallNetworks.linked())
    let input = network.noise([1, 40, 36, 3], count: 1, seed: 3)[0]
    let target = ExplanationTarget(class: 1, region: .everything)
    let model = try InferenceModel(network.graph, parameters: network.parameters, pool: pool)
    let short = MemoryBudget(bytes: try model.bytes(for: input.shape.with(batch: 3)))
    let whole = try network.explanation(of: target, for: input, by: .occlusion, pool: pool)
    let found = try network.explanation(of: target, for: input, by: .occlusion, pool: pool, budget: short)
    #expect(error(found.map.values, whole.map.values) < 1e-3)
    let none = #expect(throws: InspectionError.self) {
      try network.explanation(
        of: target, for: input, by: .occlusion, pool: pool, budget: MemoryBudget(bytes: 1000))
    }
    #expect(none?.description.contains("expected at most 0 MiB of memory") == true)
  }

  @Test func whatCannotBeExplained() throws {
    let file = try SmallNetworks.golden()
    let network = try SmallNetworks.network(SmallNetworks.classifier(), file)
    let input = try file.tensor("input").channelsLast()
    func message(_ body: () throws -> Void) -> String {
      do { try body() } catch { return "\(error)" }
      return "none"
    }
    let everything = ExplanationTarget(class: 0, region: .everything)
    #expect(
      message {
        _ = try network.explanation(
          of: everything, for: input, by: .gradCAM, layer: network.layer("head"), pool: pool)
      }
        == "head: expected a layer with a map, whose gradient reaches the classes, found 1×1 pixels; name an earlier one "
        + "with --layer")
    #expect(
      message {
        _ = try network.explanation(
          of: ExplanationTarget(class: 0, region: .box(x: 5, y: 0, width: 9, height: 1)), for: input,
          by: .gradCAM, pool: pool)
      } == "--region: expected x,y,width,height within 1×1 pixels, found '5,0,9,1'")
    #expect(
      message {
        _ = try network.explanation(of: everything, for: input, by: .occlusion, patch: 11, pool: pool)
      }
        == "--patch: expected 1…10 pixels, found 11")
    #expect(
      message { _ = try network.classIndex("3") } == "small: expected a class of 0…2, found '3'")
    #expect(
      message { _ = try network.layer("c3") }
        == "small: expected a layer of the network, found 'c3'; near it are c1, c2, bn, head; 'segment summary' lists "
        + "them all")
    for text in ["", "1,2,3", "1,2,3,4,5", "-1,0,1,1", "0,0,0,1", "a,b,c,d", "0,0,99999999999999999999,1"] {
      #expect(ExplanationTarget.box(text) == nil)
    }
    let huge = ExplanationTarget(class: 0, region: .box(x: 0, y: 0, width: .max, height: .max))
    #expect(message { _ = try network.explanation(of: huge, for: input, by: .gradCAM, pool: pool) } != "none")
  }

  /// Weights whose product no float holds, and an image on which the logits are 0 all the same.
  @Test func gradientsThatAreNoNumbers() throws {
    let builder = GraphBuilder()
    let image = try builder.input(nominal: [1, 4, 4, 3])
    let y = try image.conv(1, kernel: 1, bias: false, "a").conv(2, kernel: 1, bias: false, "b")
    let network = try InspectedNetwork(
      name: "huge", graph: try builder.graph(outputs: [y]),
      parameters: [
        "a.weight": Tensor(repeating: 1e30, shape: [1, 3, 1, 1]),
        "b.weight": Tensor(repeating: 1e30, shape: [2, 1, 1, 1]),
      ])
    let input = Tensor(zeros: [1, 4, 4, 3])
    for method in [ExplanationMethod.deconvolution, .guidedBackpropagation] {
      let error = #expect(throws: InspectionError.self) {
        try network.explanation(of: ExplanationTarget(class: 0), for: input, by: method, pool: pool)
      }
      #expect(error == .notFinite(model: "huge", layer: "input"))
    }
  }

  @Test func theSamePictureOnAnyNumberOfThreads() throws {
    let network = try SmallNetworks.fresh(try SmallNetworks.linked())
    let input = network.noise([1, 17, 13, 3], count: 1, seed: 3)[0]
    let target = ExplanationTarget(class: 1, region: .everything)
    for method in ExplanationMethod.allCases {
      let maps = try [1, 2, 5].map {
        try network.explanation(of: target, for: input, by: method, pool: ThreadPool(threads: $0)).map
      }
      #expect(maps[0] == maps[1] && maps[0] == maps[2])
    }
  }

  @Test func pointing() throws {
    let map = ValueMap(rows: 2, columns: 2, values: [0, 1, 0, 0])
    func explanation(_ index: Int) -> Explanation {
      Explanation(
        method: .gradCAM, layer: nil, classIndex: index, map: map,
        grid: MapGrid(stretching: 2, 2, overHeight: 4, width: 4), gradient: nil, region: [true], score: 0)
    }
    var game = PointingGame(classes: 3)
    // The right upper quarter of 4×4 pixels is class 1, a row is ignored, and the rest class 0.
    var truth = Mask(width: 4, height: 4, labels: [UInt8](repeating: 0, count: 16))
    for (x, y) in [(2, 0), (3, 0), (2, 1), (3, 1)] { truth[x, y] = 1 }
    for x in 0..<4 { truth[x, 3] = 255 }
    for index in 0..<3 { game.add(explanation(index), truth: truth) }
    #expect(game.counts.map(\.images) == [1, 1, 0])
    #expect(game.counts.map(\.hits) == [0, 1, 0])
    #expect(game.pairs == 2 && game.accuracy == 0.5)
    let chance = try #require(game.chance)
    #expect(abs(chance - 0.5) < 1e-12)
    #expect(game.counts[2].accuracy == nil && game.counts[2].meanChance == nil)
    #expect(PointingGame(classes: 2).accuracy == nil)
  }

  /// A map of zeros points nowhere: not at the first pixel, which here is of the class.
  @Test func noEvidenceIsAMiss() {
    let nothing = Explanation(
      method: .gradCAM, layer: nil, classIndex: 0,
      map: ValueMap(rows: 2, columns: 2, values: [0, 0, 0, 0]), grid: .pixels, gradient: nil, region: [true],
      score: 0)
    #expect(nothing.peak(height: 2, width: 2) == nil)
    var game = PointingGame(classes: 1)
    game.add(nothing, truth: Mask(width: 2, height: 2, labels: [0, 0, 0, 0]))
    #expect(game.counts[0].images == 1 && game.counts[0].hits == 0 && game.accuracy == 0)
  }
}
