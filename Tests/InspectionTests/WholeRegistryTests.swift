import Foundation
import Graphs
import Images
import Inspection
import Layers
import Segmentation
import TensorCore
import Testing

/// Every inspection of every network, as small as it gets.
@Suite struct WholeRegistryTests {
  private static let names =
    NetworkRegistry.architectures.map(\.name) + ["unet-resnet18", "unet-vgg11_bn", "unet-densenet121"]
  private let pool = ThreadPool(threads: 2)

  private func network(_ name: String) throws -> InspectedNetwork {
    let architecture = try NetworkRegistry.architecture(name)
    let wanted = ["width": "2", "decoder_width": "2", "growth": "2", "classes": "3"]
    let taken = wanted.filter { pair in architecture.parameters.contains { $0.name == pair.key } }
    let (shape, side) = (architecture.nominal, min(80, architecture.nominal.height))
    let graph = try NetworkRegistry.graph(
      name, arguments: taken, nominal: shape.with(height: side, width: side))
    var parameters: [String: Tensor] = [:]
    for parameter in try graph.parameterSpecs() {
      // Means of all that a layer reads, which take no time to make; batch norms that change nothing.
      let (shape, name) = (parameter.spec.shape, parameter.name)
      let isOne = shape.rank == 1 && (name.hasSuffix("weight") || name.hasSuffix("running_var"))
      let value = shape.rank > 1 ? Float(shape[0]) / Float(shape.count) : isOne ? 1 : 0
      parameters[name] = Tensor(repeating: value, shape: shape)
    }
    return try InspectedNetwork(name: name, graph: graph, parameters: parameters)
  }

  @Test(arguments: names) func inspections(name: String) throws {
    let network = try network(name)
    let input = network.noise(network.nominal.with(batch: 1), count: 1, seed: 1)[0]
    let hasMaps = network.graph.nodes.contains { $0.operation is Convolution }
    if hasMaps {
      let sheet = try network.filters().sheet(model: name)
      #expect(sheet.sections[0].tiles.count > 0 && sheet.title.hasPrefix("\(name): filters of "))
      let layers = try network.layersBeforeChangesOfSize(for: input.shape)
      #expect(!layers.isEmpty)
      for found in try network.activations(of: layers, for: input, pool: pool) {
        #expect(found.channels.count == found.shape.channels)
      }
    } else {
      #expect(throws: InspectionError.self) { try network.filters() }
    }
    let target = ExplanationTarget(class: 0, region: .everything)
    if hasMaps {
      let (height, width) = (input.shape.height, input.shape.width)
      let found = try network.explanation(of: target, for: input, by: .gradCAM, pool: pool)
      #expect(found.map.values.count > 1)
      // Its middle is that of the picture, give or take the last strides; what is padded lies below and at the right.
      #expect(found.grid.top < 2 * found.grid.rowStep && found.grid.left < 2 * found.grid.columnStep)
      let end = found.grid.top + Double(found.map.rows) * found.grid.rowStep
      #expect(end > Double(height) - 2 * found.grid.rowStep, "\(end) of \(height)")
      #expect(found.evidence(height: height, width: width).values.count == height * width)
    }
    let guided = try network.explanation(of: target, for: input, by: .guidedBackpropagation, pool: pool)
    #expect(guided.map.values.count == input.shape.height * input.shape.width)

    var settings = MaximizationSettings()
    (settings.size, settings.scales, settings.steps, settings.jitter) = (32, 1, 1, 2)
    let layer = try #require(
      network.graph.nodes.indices.dropFirst().first { network.graph.nodes[$0].operation is ActivationLayer })
    let raised = try network.maximized(layer: layer, channels: [0], settings: settings, pool: pool)
    #expect(raised.count == 1 && raised[0].strength.mean.isFinite)
  }

  /// The geometry of the drawing: boxes apart from each other, lines apart from boxes and from each other.
  @Test(arguments: names) func drawing(name: String) throws {
    let network = try network(name)
    let svg = try NetworkDrawing(name, network.graph, input: network.nominal).svg
    let drawing = DrawnNetwork(svg)
    #expect(drawing.boxes.count > 2 && !svg.contains(">input  input"))
    #expect(zip(drawing.boxes, drawing.boxes.dropFirst()).allSatisfy { $0.y + $0.height < $1.y })
    let right = drawing.boxes.map { $0.x + $0.width }.max() ?? 0
    let left = drawing.boxes.map(\.x).min() ?? 0
    #expect(drawing.boxes.allSatisfy { $0.x > 0 && $0.x + $0.width < drawing.width })
    #expect(
      drawing.lines.allSatisfy { $0.lane < left && $0.lane > 0 || $0.lane > right && $0.lane < drawing.width }
    )
    // Neither one over the other in a lane, nor two that end at one point.
    let meeting = drawing.lines.indices.flatMap { index in
      drawing.lines[..<index].filter { $0.meets(drawing.lines[index]) }
    }
    #expect(meeting.isEmpty)
  }
}

/// Boxes and lines of an SVG.
private struct DrawnNetwork {
  struct Box {
    let x, y, width, height: Int
  }

  struct Line {
    let startX, start, lane, end, endX: Int

    func meets(_ other: Line) -> Bool {
      lane == other.lane && start < other.end && other.start < end
        || (startX, start) == (other.startX, other.start)
        || (endX, end) == (other.endX, other.end) || (startX, start) == (other.endX, other.end)
        || (endX, end) == (other.startX, other.start)
    }
  }

  let width: Int
  let boxes: [Box]
  let lines: [Line]

  init(_ svg: String) {
    func attribute(_ name: String, _ tag: Substring) -> Int {
      tag.components(separatedBy: " \(name)=\"").dropFirst().first.flatMap { Int($0.prefix { $0 != "\"" }) }
        ?? -1
    }
    let tags = svg.split(separator: "<")
    width = tags.first.map { attribute("width", $0) } ?? 0
    boxes = tags.filter { $0.hasPrefix("rect") && $0.contains("rx=\"4\"") }.map {
      Box(
        x: attribute("x", $0), y: attribute("y", $0), width: attribute("width", $0),
        height: attribute("height", $0))
    }
    // M x y H lane V y H x
    lines = tags.filter { $0.hasPrefix("path d=\"M") && $0.contains("V") }.map { tag in
      let numbers = tag.dropFirst(9).prefix { $0 != "\"" }.split { !$0.isNumber }.compactMap { Int($0) }
      return Line(
        startX: numbers[0], start: numbers[1], lane: numbers[2], end: numbers[3], endX: numbers[4])
    }
  }
}
