import Foundation
import Graphs
import Layers
import TensorCore

/// An activation `[N, H, W, C]` in `Double`.
struct NaiveValue {
  var shape: Shape
  var elements: [Double]

  init(zeros shape: Shape) { (self.shape, elements) = (shape, [Double](repeating: 0, count: shape.count)) }

  init(_ tensor: Tensor) { (shape, elements) = (tensor.shape, tensor.elements.map(Double.init)) }

  func offset(_ n: Int, _ y: Int, _ x: Int, _ c: Int) -> Int {
    ((n * shape.height + y) * shape.width + x) * shape.channels + c
  }

  subscript(n: Int, y: Int, x: Int, c: Int) -> Double {
    get { elements[offset(n, y, x, c)] }
    set { elements[offset(n, y, x, c)] = newValue }
  }

  /// Writes `body` of every place.
  mutating func fill(_ body: (_ n: Int, _ y: Int, _ x: Int, _ c: Int) -> Double) {
    for n in 0..<shape.batch {
      for y in 0..<shape.height {
        for x in 0..<shape.width {
          for c in 0..<shape.channels { self[n, y, x, c] = body(n, y, x, c) }
        }
      }
    }
  }
}

/// Runs a graph in `Double` by the definitions of its operators, without a plan.
struct NaiveNetwork {
  var graph: Graph
  var parameters: [String: [Double]]
  var mode: Mode

  init(_ graph: Graph, _ parameters: [String: Tensor], mode: Mode) {
    (self.graph, self.mode) = (graph, mode)
    self.parameters = parameters.mapValues { $0.elements.map(Double.init) }
  }

  /// The first output of every node.
  func run(_ inputs: [String: Tensor]) throws -> [NaiveValue] {
    let shapes = try graph.inferShapes(inputs.mapValues(\.shape))
    var values: [NaiveValue] = []
    for (index, node) in graph.nodes.enumerated() {
      if let input = inputs[node.name] {
        values.append(NaiveValue(input))
        continue
      }
      var output = NaiveValue(zeros: shapes[index][0])
      run(node, node.inputs.map { values[$0.node] }, &output)
      values.append(output)
    }
    return values
  }

  private func run(_ node: Graph.Node, _ inputs: [NaiveValue], _ y: inout NaiveValue) {
    let x = inputs[0]
    let weight = parameters["\(node.name).weight"] ?? []
    let bias = parameters["\(node.name).bias"]
    switch node.operation {
    case let op as Convolution: convolve(op, x, weight, bias, &y)
    case let op as TransposedConvolution: scatter(op, x, weight, bias, &y)
    case let op as BatchNorm2D: normalize(op, node.name, x, addend: op.takesAddend ? inputs[1] : nil, &y)
    case let op as ActivationLayer where op.activation == .relu: y.elements = x.elements.map { max(0, $0) }
    case is Dropout: y = x
    case is Concatenation:
      let places = inputs.enumerated().flatMap { index, input in
        (0..<input.shape.channels).map { (index, $0) }
      }
      y.fill { inputs[places[$3].0][$0, $1, $2, places[$3].1] }
    case let op as Addition:
      y.fill { n, row, column, c in
        let sum = inputs.reduce(0) { $0 + $1[n, row, column, c] }
        return op.activation == .relu ? max(0, sum) : sum
      }
    case is Crop2D: y.fill { x[$0, $1, $2, $3] }
    case is ReflectionPad2D:
      func reflected(_ index: Int, _ extent: Int) -> Int {
        let place = index % max(1, 2 * extent - 2)
        return min(place, max(1, 2 * extent - 2) - place)
      }
      y.fill { x[$0, reflected($1, x.shape.height), reflected($2, x.shape.width), $3] }
    case let op as MaxPool2D:
      y.fill { n, row, column, c in
        var most = -Double.infinity
        for ky in 0..<op.kernel.height {
          for kx in 0..<op.kernel.width {
            most = max(most, x[n, row * op.stride.height + ky, column * op.stride.width + kx, c])
          }
        }
        return most
      }
    case let op as SoftmaxCrossEntropy: y.elements = [crossEntropy(op, x, inputs[1])]
    default: y.elements = y.elements.map { _ in .nan }
    }
  }

  private func convolve(
    _ op: Convolution, _ x: NaiveValue, _ weight: [Double], _ bias: [Double]?, _ y: inout NaiveValue
  ) {
    let (inputs, outputs) = (x.shape.channels / op.groups, op.outputs / op.groups)
    y.fill { n, oy, ox, o in
      var sum = op.bias ? bias?[o] ?? .nan : 0
      for ky in 0..<op.kernel.height {
        let iy = oy * op.stride.height - op.padding.height + ky * op.dilation.height
        guard iy >= 0, iy < x.shape.height else { continue }
        for kx in 0..<op.kernel.width {
          let ix = ox * op.stride.width - op.padding.width + kx * op.dilation.width
          guard ix >= 0, ix < x.shape.width else { continue }
          for i in 0..<inputs {
            sum +=
              x[n, iy, ix, o / outputs * inputs + i]
              * weight[((o * inputs + i) * op.kernel.height + ky) * op.kernel.width + kx]
          }
        }
      }
      return op.activation == .relu ? max(0, sum) : sum
    }
  }

  private func scatter(
    _ op: TransposedConvolution, _ x: NaiveValue, _ weight: [Double], _ bias: [Double]?,
    _ y: inout NaiveValue
  ) {
    y.fill { n, oy, ox, o in
      var sum = op.bias ? bias?[o] ?? .nan : 0
      for iy in 0..<x.shape.height {
        let ky = oy + op.padding.height - iy * op.stride.height
        guard ky >= 0, ky < op.kernel.height else { continue }
        for ix in 0..<x.shape.width {
          let kx = ox + op.padding.width - ix * op.stride.width
          guard kx >= 0, kx < op.kernel.width else { continue }
          for i in 0..<x.shape.channels {
            sum +=
              x[n, iy, ix, i] * weight[((i * op.outputs + o) * op.kernel.height + ky) * op.kernel.width + kx]
          }
        }
      }
      return op.activation == .relu ? max(0, sum) : sum
    }
  }

  private func normalize(
    _ op: BatchNorm2D, _ name: String, _ x: NaiveValue, addend: NaiveValue?, _ y: inout NaiveValue
  ) {
    let channels = x.shape.channels
    var mean = parameters["\(name).running_mean"] ?? []
    var variance = parameters["\(name).running_var"] ?? []
    if mode == .training {
      for c in 0..<channels {
        let values = stride(from: c, to: x.elements.count, by: channels).map { x.elements[$0] }
        mean[c] = values.reduce(0, +) / Double(values.count)
        variance[c] = values.reduce(0) { $0 + ($1 - mean[c]) * ($1 - mean[c]) } / Double(values.count)
      }
    }
    let (weight, bias) = (parameters["\(name).weight"] ?? [], parameters["\(name).bias"] ?? [])
    y.fill { n, row, column, c in
      let scale = weight[c] / (variance[c] + Double(op.epsilon)).squareRoot()
      let value = (x[n, row, column, c] - mean[c]) * scale + bias[c] + (addend?[n, row, column, c] ?? 0)
      return op.activation == .relu ? max(0, value) : value
    }
  }

  private func crossEntropy(_ op: SoftmaxCrossEntropy, _ logits: NaiveValue, _ labels: NaiveValue) -> Double {
    let channels = logits.shape.channels
    var (sum, count) = (0.0, 0.0)
    for (pixel, label) in labels.elements.enumerated() where Int(label) != op.ignoreIndex {
      let row = logits.elements[pixel * channels..<(pixel + 1) * channels]
      let most = row.max() ?? 0
      sum += most + log(row.reduce(0) { $0 + exp($1 - most) }) - row[row.startIndex + Int(label)]
      count += 1
    }
    return sum / count
  }
}
