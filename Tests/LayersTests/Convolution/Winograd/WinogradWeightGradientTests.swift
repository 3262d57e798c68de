import Layers
import TensorCore
import Testing

@Suite(.enabled(if: WinogradCase.isSupported, "this processor has no kernels for it"))
struct WinogradWeightGradientTests {
  private func check(_ drawn: ConvolutionCase, _ transform: WinogradTransform) {
    let found = WeightGradientRunner(
      algorithm: WinogradWeightGradient(drawn.geometry, transform), drawn: drawn
    ).run()
    expectNear(
      found, drawn.reference.weightGradient(drawn.input, drawn.outputGradient),
      within: WinogradCase.tolerance(transform, length: drawn.reference.lengths.weightGradient),
      "\(transform): \(drawn)")
  }

  @Test(arguments: WinogradTransform.allCases.filter(\.hasWeightGradient))
  func sweep(_ transform: WinogradTransform) {
    for drawn in WinogradCase.draw(60, seed: 2) { check(drawn, transform) }
  }

  @Test(arguments: WinogradTransform.allCases.filter(\.hasWeightGradient))
  func passesAndBlocks(_ transform: WinogradTransform) {
    for drawn in WinogradCase.large(transform) { check(drawn, transform) }
  }
}
