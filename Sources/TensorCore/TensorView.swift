/// An activation in memory that someone else owns: `[N, H, W, C]`, channels contiguous.
///
/// Successive pixels lie `pixelStride` elements apart, so that a view can be a slice of the channels of a wider
/// activation: a concatenation then needs no copy.
public struct TensorView {
  /// The first element.
  public let pointer: UnsafeMutablePointer<Float>
  /// `[N, H, W, C]`.
  public let shape: Shape
  /// Elements from a pixel to the next; at least the channels.
  public let pixelStride: Int

  /// A view of memory that the caller keeps alive; `pixelStride` defaults to the channels.
  public init(_ pointer: UnsafeMutablePointer<Float>, shape: Shape, pixelStride: Int? = nil) {
    precondition(shape.rank == 4, "an activation has four axes")
    self.pointer = pointer
    self.shape = shape
    self.pixelStride = pixelStride ?? shape.channels
    precondition(self.pixelStride >= shape.channels, "pixels overlap")
  }

  /// N·H·W.
  public var pixels: Int { shape.pixels }
  /// C.
  public var channels: Int { shape.channels }
  /// Whether all elements lie in one run without gaps.
  public var isContiguous: Bool { pixelStride == shape.channels }

  /// The first channel of pixel `index`, counted over N, H and W.
  @inlinable
  public func pixel(_ index: Int) -> UnsafeMutablePointer<Float> { pointer + index * pixelStride }

  /// The first channel of pixel (`image`, `row`, `column`).
  @inlinable
  public func pixel(_ image: Int, _ row: Int, _ column: Int) -> UnsafeMutablePointer<Float> {
    pointer + ((image * shape.height + row) * shape.width + column) * pixelStride
  }

  /// The channels `range` of this view.
  public func channels(_ range: Range<Int>) -> TensorView {
    TensorView(
      pointer + range.lowerBound, shape: shape.with(channels: range.count), pixelStride: pixelStride)
  }

  /// The elements, copied out without the gaps.
  public func tensor() -> Tensor {
    var result = Tensor(zeros: shape)
    result.withUnsafeMutableElements { target in
      guard let base = target.baseAddress else { return }
      guard !isContiguous else { return base.update(from: pointer, count: target.count) }
      for index in 0..<pixels {
        (base + index * channels).update(from: pixel(index), count: channels)
      }
    }
    return result
  }

  /// Copies the elements of `source`, of this view's shape, in.
  public func copy(from source: TensorView) {
    precondition(source.shape == shape, "the source has another shape than the view")
    guard !(isContiguous && source.isContiguous) else {
      return pointer.update(from: source.pointer, count: shape.count)
    }
    for index in 0..<pixels { pixel(index).update(from: source.pixel(index), count: channels) }
  }

  /// Copies the elements of `tensor`, of this view's count, in.
  public func copy(from tensor: Tensor) {
    precondition(tensor.count == shape.count, "the tensor has another count than the view")
    tensor.withUnsafeElements { source in
      guard let base = source.baseAddress else { return }
      guard !isContiguous else { return pointer.update(from: base, count: source.count) }
      for index in 0..<pixels {
        pixel(index).update(from: base + index * channels, count: channels)
      }
    }
  }
}
