import Layers

/// What networks that give an image a class need besides `Symbol+Layers`.
extension Symbol {
  /// Local response normalisation over `size` channels; α, β and k as PyTorch has them.
  public func localResponseNorm(
    size: Int, alpha: Float = 1e-4, beta: Float = 0.75, k: Float = 1
  ) throws(GraphError) -> Symbol {
    try then(LocalResponseNorm(size: size, alpha: alpha, beta: beta, k: k))
  }

  /// The norm of `power` of every window; windows do not overlap unless there is a `stride`.
  public func lpPool(power: Int, kernel: Pair, stride: Pair? = nil) throws(GraphError) -> Symbol {
    try then(LpPool2D(power: power, kernel: kernel, stride: stride))
  }

  /// Stochastic pooling; windows do not overlap unless there is a `stride`.
  public func stochasticPool(kernel: Pair, stride: Pair? = nil) throws(GraphError) -> Symbol {
    try then(StochasticPool2D(kernel: kernel, stride: stride))
  }
}
