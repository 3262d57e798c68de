/// The convolution algorithms that there are, and which suits a geometry.
///
/// A new algorithm is one more type that conforms to `Algorithm` and one more line here.
package enum ConvolutionEngine {
  /// Ways to convolve, the fastest first.
  package static func forward(_ geometry: ConvolutionGeometry, _ activation: Activation) -> [any Algorithm] {
    convolutions(geometry, activation, isGradient: false)
  }

  /// Ways to the gradient of the input, the fastest first.
  ///
  /// At stride 1 it is a convolution itself, with as many products for each input pixel as the layer has for each
  /// output pixel; where there are far fewer outputs, as behind a dense layer, scattering them costs less.
  package static func inputGradient(_ geometry: ConvolutionGeometry) -> [any Algorithm] {
    let inputPixels = geometry.batch * geometry.input.height * geometry.input.width
    guard geometry.stride == 1 && 2 * geometry.outputPixels > inputPixels else {
      return transposed(geometry, .identity)
    }
    return convolutions(geometry.transposed, .identity, isGradient: true)
  }

  /// Ways to run a convolution from its output to its input at any stride, the fastest first.
  package static func transposed(
    _ geometry: ConvolutionGeometry, _ activation: Activation
  ) -> [any Algorithm] {
    var ways: [any Algorithm] = []
    if BlockConvolution.supports(geometry) { ways.append(BlockConvolution(geometry, activation: activation)) }
    if PhaseConvolution.supports(geometry) { ways.append(PhaseConvolution(geometry, activation: activation)) }
    ways.append(ScatterConvolution(geometry, activation: activation))
    return ways
  }

  /// Ways to the gradient of the weight, the fastest first.
  package static func weightGradient(_ geometry: ConvolutionGeometry) -> [any WeightGradientAlgorithm] {
    let patches = PatchWeightGradient(geometry: geometry)
    guard let transform = WinogradCost.weightGradient(geometry) else { return [patches] }
    return [WinogradWeightGradient(geometry, transform), patches]
  }

  private static func convolutions(
    _ geometry: ConvolutionGeometry, _ activation: Activation, isGradient: Bool
  ) -> [any Algorithm] {
    var ways: [any Algorithm] = []
    if let transform = WinogradCost.convolution(geometry) {
      ways.append(
        WinogradConvolution(geometry, transform, activation: activation, isGradient: isGradient))
    }
    if PointwiseConvolution.supports(geometry) {
      ways.append(PointwiseConvolution(geometry, activation: activation, isGradient: isGradient))
    }
    if DirectConvolution.supports(geometry) {
      ways.append(DirectConvolution(geometry, activation: activation, isGradient: isGradient))
    }
    ways.append(PatchConvolution(geometry, activation: activation, isGradient: isGradient))
    return ways
  }
}
