import Layers
import TensorCore
import Testing

@Suite struct ConvolutionEngineTests {
  private func geometry(
    output: Pair = 8, inputs: Int = 4, outputs: Int = 6, kernel: Pair = 3, stride: Pair = 1,
    padding: Pair = 1, groups: Int = 1
  ) throws -> ConvolutionGeometry {
    try #require(
      ConvolutionCase(
        output: output, inputs: inputs, outputs: outputs, kernel: kernel, stride: stride, padding: padding,
        groups: groups)
    ).geometry
  }

  /// `direct` only where this processor has its kernel.
  private func names(_ all: [String], for geometry: ConvolutionGeometry) -> [String] {
    DirectConvolution.supports(geometry) ? all : all.filter { $0 != "direct" }
  }

  @Test func forwardCandidates() throws {
    let plain = try geometry()
    #expect(ConvolutionEngine.forward(plain, .relu).map(\.name) == names(["direct", "patches"], for: plain))
    let pointwise = try geometry(kernel: 1, padding: 0)
    #expect(ConvolutionEngine.forward(pointwise, .identity).map(\.name) == ["gemm"])
    #expect(try ConvolutionEngine.forward(geometry(groups: 2), .identity).map(\.name) == ["patches"])
  }

  @Test func inputGradientCandidates() throws {
    let plain = try geometry()
    #expect(ConvolutionEngine.inputGradient(plain).map(\.name) == names(["direct", "patches"], for: plain))
    #expect(try ConvolutionEngine.inputGradient(geometry(stride: 2)).map(\.name) == ["scatter"])
    // One output of a large input, as behind a dense layer.
    #expect(
      try ConvolutionEngine.inputGradient(geometry(output: 1, kernel: 7, padding: 0)).map(\.name)
        == ["scatter"])
    #expect(try ConvolutionEngine.inputGradient(geometry(kernel: 1, padding: 0)).map(\.name) == ["gemm"])
  }

  @Test func packingsOfDifferentFormsDiffer() throws {
    let plain = try geometry()
    let packings =
      (ConvolutionEngine.forward(plain, .identity) + ConvolutionEngine.inputGradient(plain)
      + ConvolutionEngine.inputGradient(try geometry(stride: 2))).map(\.packing)
    #expect(Set(packings).count == packings.count)
  }

  @Test func geometryOfTheGradient() throws {
    let plain = try geometry(
      output: Pair(5, 9), inputs: 4, outputs: 6, kernel: Pair(3, 5), padding: Pair(0, 3))
    let turned = plain.transposed
    #expect(turned.padding == Pair(2, 1))
    #expect(turned.input == plain.output)
    #expect(turned.output == plain.input)
    #expect(turned.transposed == plain)
    #expect(plain.macs == 5 * 9 * 15 * 4 * 6)
    #expect(plain.patch == 60)
  }
}
