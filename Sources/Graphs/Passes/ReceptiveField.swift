import Layers

/// How much of the input one element of an activation sees (Araujo et al. 2019, "Computing receptive fields of
/// convolutional neural networks", Distill), along one axis or both.
public struct ReceptiveField: Sendable, Equatable {
  /// Pixels of the input that an element depends on, at most.
  public let height: Int
  /// Pixels of the input that an element depends on, at most.
  public let width: Int
}

extension Graph {
  /// The receptive field of every node's outputs on the input; `nil` where none reaches an input.
  ///
  /// Each value carries the interval that its element 0 sees and the distance in input pixels between elements.
  /// Where paths join, the interval is the hull of theirs. An upsampled activation's elements do not all see the
  /// same extent; the largest is taken.
  public func receptiveFields() -> [ReceptiveField?] {
    var reach = [Reach?](repeating: nil, count: nodes.count)
    for (index, node) in nodes.enumerated() {
      if node.operation is Input {
        reach[index] = Reach(height: Span(), width: Span())
        continue
      }
      let sources = node.inputs.compactMap { reach[$0.node] }
      guard var joined = sources.first else { continue }
      for source in sources.dropFirst() { joined = joined.union(source) }
      reach[index] = node.operation.window.map { joined.through($0) } ?? joined
    }
    return reach.map { reach in
      reach.map {
        ReceptiveField(height: Int($0.height.extent.rounded(.up)), width: Int($0.width.extent.rounded(.up)))
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

/// What elements see along one axis, in input pixels: element `i` sees `low + i · jump ... high + i · jump`.
private struct Span {
  var low = 0.0
  var high = 0.0
  var jump = 1.0

  var extent: Double { high - low + 1 }

  func union(_ other: Span) -> Span {
    Span(low: min(low, other.low), high: max(high, other.high), jump: min(jump, other.jump))
  }

  func through(extent: Int, stride: Int, padding: Int, upsampling: Int) -> Span {
    if upsampling > 1 {
      // Output element o reads inputs (o + padding - k) / upsampling for k below extent: at most
      // ceil(extent / upsampling) neighbours.
      let neighbours = Double((extent + upsampling - 1) / upsampling)
      return Span(low: low - (neighbours - 1) * jump, high: high, jump: jump / Double(upsampling))
    }
    let first = low - Double(padding) * jump
    return Span(
      low: first, high: first + (high - low) + Double(extent - 1) * jump, jump: jump * Double(stride))
  }
}
