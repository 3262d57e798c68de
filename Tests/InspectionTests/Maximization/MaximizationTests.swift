import Graphs
import Images
import Inspection
import TensorCore
import Testing

@Suite struct MaximizationTests {
  private let pool = ThreadPool(threads: 2)

  private var short: MaximizationSettings {
    var settings = MaximizationSettings()
    (settings.size, settings.scales, settings.steps) = (16, 2, 12)
    return settings
  }

  /// A channel that is red less green and blue: what raises it most is red, as far as colours go.
  @Test func aColour() throws {
    let builder = GraphBuilder()
    let image = try builder.input(nominal: [1, 16, 16, 3])
    let graph = try builder.graph(outputs: [try image.conv(2, kernel: 1, bias: false, "c").relu()])
    let network = try InspectedNetwork(
      name: "red", graph: graph,
      parameters: ["c.weight": Tensor([1, -1, -1, -1, 1, 1], shape: [2, 3, 1, 1])])
    var settings = short
    settings.steps = 60
    for layer in ["c", "relu_2"] {
      let found = try network.maximized(
        layer: try network.layer(layer), channels: [0, 1], settings: settings, pool: pool)
      #expect(found.map(\.channel) == [0, 1])
      #expect(found.allSatisfy { $0.ratio > 10 && $0.strength.mean > 4 && !$0.isDeadOnNoise })
      // Like is compared with like: both are means.
      #expect(found.allSatisfy { $0.ratio == $0.strength.mean / $0.noise.mean })
      guard case .eight(let rgb) = found[0].picture.samples else { throw CancellationError() }
      #expect(found[0].picture.width == 16)
      #expect((0..<256).allSatisfy { rgb[3 * $0] > 200 && rgb[3 * $0 + 1] < 50 && rgb[3 * $0 + 2] < 50 })
    }
  }

  @Test func theSeedDecides() throws {
    let network = try SmallNetworks.fresh(try SmallNetworks.linked())
    let layer = try network.layer("middle.conv")
    func pictures(_ settings: MaximizationSettings, threads: Int) throws -> [Raster] {
      try network.maximized(
        layer: layer, channels: [2, 0], settings: settings, pool: ThreadPool(threads: threads)
      ).map(\.picture)
    }
    let first = try pictures(short, threads: 1)
    #expect(try pictures(short, threads: 3) == first)
    var other = short
    other.seed = 1
    #expect(try pictures(other, threads: 1) != first)
    // A channel's picture does not depend on the others.
    let alone = try network.maximized(layer: layer, channels: [0], settings: short, pool: pool)
    #expect(alone[0].picture == first[1])
  }

  @Test func whatCannotBeMaximized() throws {
    let network = try SmallNetworks.fresh(try SmallNetworks.linked())
    let layer = try network.layer("middle.conv")
    var error = #expect(throws: InspectionError.self) {
      try network.maximized(layer: layer, channels: [4], settings: short, pool: pool)
    }
    #expect(error?.description == "middle.conv: expected a channel of 0…3, found 4")
    var settings = short
    settings.size = 4096
    error = #expect(throws: InspectionError.self) {
      try network.maximized(layer: layer, channels: [0], settings: settings, pool: pool)
    }
    #expect(error?.description == "--size: expected 8…2048, found 4096")
    error = #expect(throws: InspectionError.self) {
      try network.maximized(layer: 0, channels: [0], settings: short, pool: pool)
    }
    #expect(error?.description.hasPrefix("input: expected a layer with a map") == true)
  }

  /// A dense layer belongs to one size, which is then the only one.
  @Test func aClassifier() throws {
    let network = try SmallNetworks.fresh(try SmallNetworks.rockPaperScissors())
    let found = try network.maximized(
      layer: try network.layer("dense2"), channels: [1], settings: short, pool: pool)
    #expect(found[0].picture.width == 32 && found[0].strength.mean > found[0].noise.mean)
  }

  /// Like is compared with like also where elements differ.
  @Test func theRatioIsOfMeans() throws {
    let network = try SmallNetworks.fresh(try SmallNetworks.linked())
    let found = try network.maximized(
      layer: try network.layer("middle.conv"), channels: [0, 1, 2, 3], settings: short, pool: pool)
    #expect(found.allSatisfy { $0.strength.peak > 1.01 * $0.strength.mean })
    #expect(found.contains { !$0.isDeadOnNoise })
    #expect(found.allSatisfy { $0.isDeadOnNoise || $0.ratio == $0.strength.mean / $0.noise.mean })
  }
}
