import Layers
import TensorCore

/// How much of the input one element of an activation sees (Araujo et al. 2019, "Computing receptive fields of
/// convolutional neural networks", Distill), along one axis or both.
public struct ReceptiveField: Sendable, Equatable {
  /// Pixels of the input that an element depends on, at most.
  public var height: Int { vertical.extent }
  /// Pixels of the input that an element depends on, at most.
  public var width: Int { horizontal.extent }
  /// Pixels of the input from an element to the one below it; less than 1 where there are more elements than pixels.
  public var strideHeight: Double { vertical.stride }
  /// Pixels of the input from an element to the one at its right.
  public var strideWidth: Double { horizontal.stride }

  /// The row of the input that element 0 looks at, from 0 in the middle of the first pixel: the middle of what it sees.
  /// Element `i` looks at a row `i · strideHeight` further. Behind upsampling, where elements of a pattern see the same,
  /// the mean over the pattern.
  public var originHeight: Double { vertical.origin }
  /// The column of the input that element 0 looks at.
  public var originWidth: Double { horizontal.origin }

  /// The rows of the input that elements of a row depend on, also such as lie beyond the image.
  public func rows(ofRow row: Int) -> ClosedRange<Int> { vertical.low(row)...vertical.high(row) }
  /// The columns of the input that elements of a column depend on, also such as lie beyond the image.
  public func columns(ofColumn column: Int) -> ClosedRange<Int> {
    horizontal.low(column)...horizontal.high(column)
  }

  fileprivate let vertical: Span
  fileprivate let horizontal: Span
}

extension Graph {
  /// The receptive field of every node's first output on the input; `nil` where it does not reach an input.
  ///
  /// Each value carries the intervals that its elements see. Where paths join, an element sees the hull of theirs.
  /// An upsampled activation's elements do not all see the same extent; the largest is taken. What lies beyond the
  /// border counts as if the image went on there, so that a field may be larger than the image; reflection is not
  /// followed. A dense layer, or a mean over the image, sees all features of an input of the given shape.
  ///
  /// - Parameter shapes: those of the inputs by name; an input that is not named keeps its nominal shape.
  /// - Throws: `GraphError` for shapes that the network does not take.
  public func receptiveFields(_ shapes: [String: Shape] = [:]) throws(GraphError) -> [ReceptiveField?] {
    try reaches(shapes, inferShapes(shapes)).map { reach in
      reach.first.map { ReceptiveField(vertical: $0.height, horizontal: $0.width) }
    }
  }

  /// The receptive field of one value, such as the network's output; `nil` where it does not reach the input.
  ///
  /// - Throws: `GraphError` for shapes that the network does not take.
  public func receptiveField(
    of value: Value, _ shapes: [String: Shape] = [:]
  ) throws(GraphError) -> ReceptiveField? {
    let reaches = try reaches(shapes, inferShapes(shapes))[value.node]
    guard reaches.indices.contains(value.output) else { return nil }
    return ReceptiveField(vertical: reaches[value.output].height, horizontal: reaches[value.output].width)
  }

  /// What the elements of each node's outputs see; empty for a node that sees no input.
  private func reaches(_ shapes: [String: Shape], _ inferred: [[Shape]]) throws(GraphError) -> [[Reach]] {
    var reaches: [[Reach]] = []
    for (index, node) in nodes.enumerated() {
      if node.operation is Input {
        reaches.append([Reach(height: Span(), width: Span())])
        continue
      }
      let sources = node.inputs.enumerated().filter { node.operation.sees(input: $0.offset) }
        .map(\.element).filter { !reaches[$0.node].isEmpty }.map { reaches[$0.node][$0.output] }
      guard var joined = sources.first else {
        reaches.append([])
        continue
      }
      for source in sources.dropFirst() { joined = joined.union(source) }
      let inputs = node.inputs.map { inferred[$0] }
      reaches.append(
        inferred[index].indices.map { output in
          node.operation.window(for: inputs, output: output).map { joined.through($0) } ?? joined
        })
    }
    return reaches
  }

  /// The number of input pixels after which the network's grids of all levels fall on the same places again, along
  /// either axis: what lies so far apart in an image is computed alike. 1 for a network that keeps the size.
  ///
  /// What sees the whole image has no such grid and is left out.
  ///
  /// - Throws: `GraphError` for shapes that the network does not take.
  public func gridPeriod(_ shapes: [String: Shape] = [:]) throws(GraphError) -> Int {
    let extents = try inferShapes(shapes)
    let values = zip(try reaches(shapes, extents), extents).flatMap { Array(zip($0, $1)) }
    return values.reduce(1) { period, value in
      let (reach, shape) = value
      guard shape.height > 1 || shape.width > 1 else { return period }
      return [reach.height.stride, reach.width.stride].reduce(period) { period, stride in
        let spacing = max(1, Int(stride.rounded(.up)))
        return period / greatestCommonDivisor(period, spacing) * spacing
      }
    }
  }
}

private struct Reach {
  var height: Span
  var width: Span

  func union(_ other: Reach) -> Reach {
    Reach(height: height.union(other.height), width: width.union(other.width))
  }

  func through(_ window: Window) -> Reach {
    Reach(
      height: height.through(
        extent: window.extent.height, stride: window.stride.height, padding: window.padding.height,
        upsampling: window.upsampling.height),
      width: width.through(
        extent: window.extent.width, stride: window.stride.width, padding: window.padding.width,
        upsampling: window.upsampling.width))
  }
}

/// What elements see along one axis, in input pixels.
///
/// Behind upsampling that depends on an element's place, in a pattern that repeats after `places` elements: element
/// `i` sees `lows[i mod places]...highs[i mod places]`, moved on by `advance` for each whole pattern before it.
private struct Span: Equatable, Sendable {
  var lows = [0]
  var highs = [0]
  var advance = 1

  var places: Int { lows.count }
  var stride: Double { Double(advance) / Double(places) }
  var extent: Int { zip(lows, highs).map { $1 - $0 + 1 }.max() ?? 0 }
  var origin: Double {
    let middles = zip(lows, highs).reduce(0) { $0 + Double($1.0 + $1.1) / 2 } / Double(places)
    return middles - stride * Double(places - 1) / 2
  }

  func low(_ index: Int) -> Int { lows[modulo(index, places)] + floorDivide(index, places) * advance }
  func high(_ index: Int) -> Int { highs[modulo(index, places)] + floorDivide(index, places) * advance }

  func union(_ other: Span) -> Span {
    let count = places / greatestCommonDivisor(places, other.places) * other.places
    return Span(
      lows: (0..<count).map { min(low($0), other.low($0)) },
      highs: (0..<count).map { max(high($0), other.high($0)) },
      advance: min(count / places * advance, count / other.places * other.advance))
  }

  func through(extent: Int, stride: Int, padding: Int, upsampling: Int) -> Span {
    let pattern = places * upsampling
    let count = pattern / greatestCommonDivisor(pattern, stride)
    let first = (0..<count).map { $0 * stride - padding }
    let last = first.map { floorDivide($0 + extent - 1, upsampling) }
    return Span(
      // An output between pixels that sees none of them lies at the one before it.
      lows: zip(first, last).map { low(min($1, floorDivide($0 + upsampling - 1, upsampling))) },
      highs: last.map(high), advance: count * stride * advance / pattern)
  }
}

private func floorDivide(_ value: Int, _ divisor: Int) -> Int { (value - modulo(value, divisor)) / divisor }

private func modulo(_ value: Int, _ divisor: Int) -> Int {
  let rest = value % divisor
  return rest < 0 ? rest + divisor : rest
}
