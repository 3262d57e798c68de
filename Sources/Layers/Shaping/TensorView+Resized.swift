import TensorCore

extension TensorView {
  /// The images at another size of 1 to 65536 pixels a side, bilinear with their borders in place, as a tensor of its
  /// own.
  public func resized(height: Int, width: Int, pool: ThreadPool) -> Tensor {
    var result = Tensor(zeros: shape.with(height: height, width: width))
    let (target, scratch) = (result.shape, AlignedStorage(count: 1))
    result.withUnsafeMutableElements { elements in
      guard let base = elements.baseAddress else { return }
      Resize2D(.fixed(Pair(height, width)), .bilinear).forward(
        ForwardPass(
          inputs: [self], outputs: [TensorView(base, shape: target)], workspace: scratch.pointer,
          mode: .inference,
          pool: pool))
    }
    return result
  }
}
