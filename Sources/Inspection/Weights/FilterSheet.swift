import Graphs
import Images
import Layers
import TensorCore

extension InspectedNetwork {
  /// How many output and input channels of a layer are drawn, at most.
  public static let drawnFilters = 64

  /// The filters of a convolution as a sheet: those that read colour in colour, others channel by channel, an output in
  /// each row and an input in each column.
  ///
  /// All have one scale, so that they can be compared: the largest weight of the layer.
  ///
  /// - Parameter layer: the layer's index; the first convolution if `nil`.
  /// - Throws: `InspectionError.noConvolution`, and `.graph` where the parameters lack the weight.
  public func filterSheet(layer: Int? = nil) throws(InspectionError) -> PictureSheet {
    guard let layer = layer ?? graph.nodes.firstIndex(where: { Self.isConvolution($0.operation) }) else {
      throw .noConvolution(layer: name, operator: "none", near: [])
    }
    let node = graph.nodes[layer]
    guard Self.isConvolution(node.operation) else {
      throw .noConvolution(
        layer: node.name, operator: Self.label(of: node.operation), near: convolutions(near: layer))
    }
    guard let weight = parameters["\(node.name).weight"] else {
      throw .graph(model: name, .parameterMissing("\(node.name).weight"))
    }
    let kernels = Kernels(weight, isTransposed: node.operation is TransposedConvolution)
    guard kernels.largest.isFinite else { throw .notFinite(model: name, layer: node.name) }
    let drawn = min(kernels.outputs, Self.drawnFilters)
    let title = "\(name): filters of \(node.name)"
    let size = "\(kernels.outputs) filters of \(kernels.inputs) × \(kernels.height)×\(kernels.width)"
    if kernels.inputs == 3 && readsImage(layer) {
      let factor = max(1, min(16, 96 / max(1, max(kernels.height, kernels.width))))
      let tiles = (0..<drawn).map { PictureSheet.Tile("\($0)", kernels.color($0).magnified(by: factor)) }
      return PictureSheet(
        title: title,
        notes: [
          size + (drawn < kernels.outputs ? ", the first \(drawn)" : ""),
          "gray is 0; black and full colour are ±\(NumberText.short(Double(kernels.largest)))",
        ], sections: [PictureSheet.Section("", tiles)])
    }
    let inputs = min(kernels.inputs, Self.drawnFilters)
    let scale = ColorScale.balanced(kernels.largest, meaning: "weight")
    let factor = max(2, min(12, 1200 / max(1, inputs) / max(1, kernels.width) - 1))
    let tile = PictureSheet.Tile(
      "", kernels.matrix(outputs: drawn, inputs: inputs, scale: scale, factor: factor))
    var notes = [size, "a row for each output channel from 0, a column for each input channel from 0"]
    if drawn < kernels.outputs || inputs < kernels.inputs {
      notes.append("shown are the first \(drawn) outputs and the first \(inputs) inputs")
    }
    return PictureSheet(
      title: title, notes: notes, sections: [PictureSheet.Section("", [tile], scale: scale, columns: 1)])
  }

  /// Whether a layer reads the image, perhaps with a border put on.
  private func readsImage(_ layer: Int) -> Bool {
    guard let source = graph.nodes[layer].inputs.first?.node else { return false }
    let operation = graph.nodes[source].operation
    return operation is Input || operation is ReflectionPad2D && readsImage(source)
  }

  /// The names of the convolutions that stand nearest to a layer.
  private func convolutions(near layer: Int) -> [String] {
    let found = graph.nodes.indices.filter { Self.isConvolution(graph.nodes[$0].operation) }
    return found.sorted { (abs($0 - layer), $0) < (abs($1 - layer), $1) }.prefix(4).map {
      graph.nodes[$0].name
    }
  }
}

/// The weight of a convolution, `[O, I, KH, KW]`, or of a transposed one, `[I, O, KH, KW]`.
private struct Kernels {
  let outputs: Int
  let inputs: Int
  let height: Int
  let width: Int
  let largest: Float
  private let elements: [Float]
  private let isTransposed: Bool

  init(_ weight: Tensor, isTransposed: Bool) {
    self.isTransposed = isTransposed
    outputs = weight.shape[isTransposed ? 1 : 0]
    inputs = weight.shape[isTransposed ? 0 : 1]
    (height, width) = (weight.shape[2], weight.shape[3])
    elements = weight.elements
    largest = elements.reduce(0) { $1.isNaN ? .nan : max($0, abs($1)) }
  }

  func weight(_ output: Int, _ input: Int, _ row: Int, _ column: Int) -> Float {
    let slice = isTransposed ? input * outputs + output : output * inputs + input
    return elements[(slice * height + row) * width + column]
  }

  /// A filter of three inputs as red, green and blue.
  func color(_ output: Int) -> Raster {
    var rgb: [UInt8] = []
    for row in 0..<height {
      for column in 0..<width {
        for input in 0..<3 {
          let share = largest > 0 ? weight(output, input, row, column) / largest : 0
          rgb.append(UInt8((127.5 + 127.5 * share).rounded()))
        }
      }
    }
    return Raster(width: width, height: height, channels: 3, samples: .eight(rgb))
  }

  /// All filters on one picture, a pixel between them.
  func matrix(outputs: Int, inputs: Int, scale: ColorScale, factor: Int) -> Raster {
    let (across, down) = (width * factor + 1, height * factor + 1)
    var canvas = PictureCanvas(
      width: inputs * across - 1, height: outputs * down - 1,
      background: Color(red: 128, green: 128, blue: 128))
    for output in 0..<outputs {
      for input in 0..<inputs {
        let values = (0..<height * width).map { weight(output, input, $0 / width, $0 % width) }
        let map = ValueMap(rows: height, columns: width, values: values)
        canvas.draw(map.picture(scale).magnified(by: factor), x: input * across, y: output * down)
      }
    }
    return canvas.picture
  }
}
