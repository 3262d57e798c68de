import TensorCore

extension TensorView {
  /// The softmax over the channels of every pixel, as a tensor of its own.
  public func softmax(pool: ThreadPool) -> Tensor {
    var result = Tensor(zeros: shape)
    let operation = Softmax()
    let scratch = AlignedStorage(
      count: operation.workspace(for: [shape], .forward, threads: pool.threads))
    result.withUnsafeMutableElements { elements in
      guard let base = elements.baseAddress else { return }
      operation.forward(
        ForwardPass(
          inputs: [self], outputs: [TensorView(base, shape: shape)], workspace: scratch.pointer,
          mode: .inference, pool: pool))
    }
    return result
  }
}
