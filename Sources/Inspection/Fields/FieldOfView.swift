import Graphs
import Images
import Layers
import TensorCore

/// How much of the image one element of a layer sees: the box that its windows span, and how much of that counts.
///
/// The effective field is what the gradient of the element, all channels together, with respect to each pixel comes to
/// (Luo et al. 2016, arXiv:1701.04128, section 2.1): the mean over inputs of the sum over colours of its size.
public struct FieldOfView: Sendable {
  /// The share of the largest gradient from which a pixel counts as seen: two deviations of a normal curve (section 3).
  public static let threshold: Float = 1 - 0.9545

  /// The layer's name.
  public let layer: String
  /// Its operator.
  public let label: String
  /// The theoretical field, by position.
  public let theoretical: ReceptiveField
  /// The height and width of the layer's activation.
  public let size: Pair
  /// The element that is looked at, row and column.
  public let element: Pair
  /// How strongly the element depends on each pixel of the input, as a share of the strongest, `0…1`.
  public let effective: ValueMap

  /// The rows of the input that the element's windows span, also beyond the image.
  public var rows: ClosedRange<Int> { theoretical.rows(ofRow: element.height) }
  /// The columns of the input that the element's windows span, also beyond the image.
  public var columns: ClosedRange<Int> { theoretical.columns(ofColumn: element.width) }

  /// The pixels that count as seen.
  public var seenPixels: Int { effective.values.count { $0 >= Self.threshold } }
  /// The side of a square of as many pixels.
  public var effectiveSide: Double { Double(seenPixels).squareRoot() }
  /// The rectangle of pixels that have a gradient, rows and columns; `nil` where nothing is seen.
  ///
  /// Less than a hundred-thousandth of the largest is rounding of fast convolutions, which spreads over their tiles.
  public var support: (rows: ClosedRange<Int>, columns: ClosedRange<Int>)? {
    let seen = effective.values.indices.filter { effective.values[$0] > 1e-5 }
    let (rows, columns) = (seen.map { $0 / effective.columns }, seen.map { $0 % effective.columns })
    guard let top = rows.min(), let bottom = rows.max(), let left = columns.min(), let right = columns.max()
    else { return nil }
    return (top...bottom, left...right)
  }
}

extension InspectedNetwork {
  /// What the element in the middle of a layer sees.
  ///
  /// - Parameters:
  ///   - layer: the layer's index.
  ///   - shape: that of the inputs, `[1, H, W, C]`.
  ///   - inputs: those over which the effective field is a mean; one at a time is asked for, none before the memory for
  ///     the run is there.
  /// - Throws: `InspectionError.noMap` for a layer that sees nothing, `.graph` for a size that the network does not take.
  public func fieldOfView(
    ofLayer layer: Int, shape: Shape, inputs: some Sequence<Tensor>, pool: ThreadPool,
    budget: MemoryBudget = .standard
  ) throws(InspectionError) -> FieldOfView {
    let node = graph.nodes[layer]
    let theoretical: ReceptiveField?
    do throws(GraphError) {
      theoretical = try graph.receptiveFields([input: shape])[layer]
    } catch {
      throw .graph(model: name, error)
    }
    let output = try shapes(for: shape)[layer]
    guard let theoretical, let image = graph.inputs.first else {
      throw .noMap(layer: node.name, height: output.height, width: output.width)
    }
    let element = Pair(output.height / 2, output.width / 2)
    let run = try GradientRun(self, input: shape, layer: layer, taps: [image], pool: pool, budget: budget)
    var weights = Tensor(zeros: output)
    weights.withUnsafeMutableElements { elements in
      let start = (element.height * output.width + element.width) * output.channels
      for channel in 0..<output.channels { elements[start + channel] = 1 }
    }
    var sums = [Double](repeating: 0, count: shape.height * shape.width)
    for tensor in inputs {
      try run.forward(tensor)
      try run.backward(weights: weights)
      run.gradient(ofTap: 0).withUnsafeElements { gradient in
        for index in gradient.indices { sums[index / shape.channels] += Double(abs(gradient[index])) }
      }
    }
    guard sums.allSatisfy(\.isFinite) else { throw .notFinite(model: name, layer: node.name) }
    let largest = sums.max() ?? 0
    return FieldOfView(
      layer: node.name, label: Self.label(of: node.operation), theoretical: theoretical,
      size: Pair(output.height, output.width), element: element,
      effective: ValueMap(
        rows: shape.height, columns: shape.width,
        values: sums.map { largest > 0 ? Float($0 / largest) : 0 }))
  }

  /// Inputs of noise, `[1, H, W, C]`: normal numbers of mean 0 and deviation 1, as a normalised image has them. Each is
  /// made when it is asked for.
  ///
  /// - Parameter seed: another seed gives other noise.
  public func noise(_ shape: Shape, count: Int, seed: UInt64) -> LazyMapSequence<Range<Int>, Tensor> {
    (0..<count).lazy.map { index in
      var stream = RandomStream(keys: seed, UInt64(index))
      var tensor = Tensor(zeros: shape)
      tensor.withUnsafeMutableElements { for place in $0.indices { $0[place] = stream.normal() } }
      return tensor
    }
  }
}
