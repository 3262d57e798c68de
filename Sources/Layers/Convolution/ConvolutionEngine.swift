/// The convolution algorithms that there are, and which suits a geometry.
///
/// A new algorithm is one more type that conforms to `Algorithm` and one more line here.
package enum ConvolutionEngine {
  /// Ways to convolve, the fastest first.
  package static func forward(_ geometry: ConvolutionGeometry, _ activation: Activation) -> [any Algorithm] {
    let patches = PatchConvolution(geometry, activation: activation)
    guard DirectConvolution.supports(geometry) else { return [patches] }
    return [DirectConvolution(geometry, activation: activation), patches]
  }

  /// Ways to the gradient of the input, the fastest first.
  ///
  /// At stride 1 it is a convolution itself, with as many products for each input pixel as the layer has for each
  /// output pixel; where there are far fewer outputs, as behind a dense layer, scattering them costs less.
  package static func inputGradient(_ geometry: ConvolutionGeometry) -> [any Algorithm] {
    let inputPixels = geometry.batch * geometry.input.height * geometry.input.width
    guard geometry.stride == 1 && 2 * geometry.outputPixels > inputPixels else {
      return [ScatterConvolution(geometry)]
    }
    let patches = PatchConvolution(geometry.transposed, isGradient: true)
    guard DirectConvolution.supports(geometry.transposed) else { return [patches] }
    return [DirectConvolution(geometry.transposed, isGradient: true), patches]
  }
}
