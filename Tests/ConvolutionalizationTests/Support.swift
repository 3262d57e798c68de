import Graphs
import Layers
import TensorCore

/// Four 3×3 convolutions, two max poolings and two dense layers.
struct SmallVGG: Network {
  let padding: Int

  func callAsFunction(_ image: Symbol) throws(GraphError) -> Symbol {
    let p = Pair(padding)
    var y = try image.conv(4, kernel: 3, padding: p, "a").batchNorm("b").relu()
    y = try y.conv(6, kernel: 3, padding: p, "c").relu().maxPool(kernel: 2, stride: 2)
    y = try y.conv(6, kernel: 3, padding: p, "d").relu().conv(8, kernel: 3, padding: p, "e").relu()
    y = try y.maxPool(kernel: 2, stride: 2).dense(12, "f").relu().dropout(0.5)
    return try y.dense(5, "g")
  }
}

/// A convolution, a sum and a concatenation before a mean over the image.
struct SmallResidual: Network {
  func callAsFunction(_ image: Symbol) throws(GraphError) -> Symbol {
    let stem = try image.conv(4, kernel: 3, padding: 0, "stem").relu().maxPool(kernel: 2, stride: 2)
    let sum = try stem.conv(4, kernel: 1, "branch").adding(stem).relu()
    return try sum.concatenated(with: stem).globalAveragePool().dense(5, "fc")
  }
}

/// An adaptive pooling that is none of the identity's size.
struct SmallAdaptive: Network {
  func callAsFunction(_ image: Symbol) throws(GraphError) -> Symbol {
    let y = try image.conv(4, kernel: 3, stride: 2, padding: 0, "conv").relu()
    return try y.adaptiveAveragePool(to: Pair(3, 2)).dropout(0.5).dense(6, "fc1").relu().dense(5, "fc2")
  }
}

/// Networks that cannot slide.
struct Refused: Network {
  enum Kind { case reflection, adaptive }
  let kind: Kind

  func callAsFunction(_ image: Symbol) throws(GraphError) -> Symbol {
    switch kind {
    case .reflection: try image.reflectionPadded(toMultipleOf: 4).dense(2, "fc")
    case .adaptive: try image.adaptiveAveragePool(to: 4).maxPool(kernel: 2, stride: 2).dense(2, "fc")
    }
  }
}

extension Tensor {
  /// A part of the first image of `[N, H, W, C]`.
  func part(y: Int, x: Int, height: Int, width: Int) -> Tensor {
    let (source, channels) = (elements, shape.channels)
    var part: [Float] = []
    for row in y..<y + height {
      let start = (row * shape.width + x) * channels
      part += source[start..<start + width * channels]
    }
    return Tensor(part, shape: [1, height, width, channels])
  }
}
