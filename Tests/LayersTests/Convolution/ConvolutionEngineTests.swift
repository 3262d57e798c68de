import CKernels
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

  /// What is left of the candidates where this processor has no register kernel.
  private func names(_ all: [String]) -> [String] {
    let plain: Set = ["patches", "gemm", "scatter"]
    return tsr_panel_width() > 0 ? all : all.filter(plain.contains)
  }

  @Test func forwardCandidates() throws {
    let first = try geometry(inputs: 1)
    #expect(ConvolutionEngine.forward(first, .relu).map(\.name) == names(["direct", "patches"]))
    let wide = try geometry(output: 64, inputs: 32, outputs: 32)
    #expect(
      ConvolutionEngine.forward(wide, .relu).map(\.name)
        == names(["winograd6", "direct", "patches"]))
    let deep = try geometry(output: 16, inputs: 512, outputs: 512)
    #expect(
      ConvolutionEngine.forward(deep, .relu).map(\.name)
        == names(["winograd4", "direct", "patches"]))
    let pointwise = try geometry(kernel: 1, padding: 0)
    #expect(ConvolutionEngine.forward(pointwise, .identity).map(\.name) == names(["pointwise", "gemm"]))
    #expect(try ConvolutionEngine.forward(geometry(groups: 2), .identity).map(\.name) == ["patches"])
  }

  @Test func inputGradientCandidates() throws {
    let wide = try geometry(output: 64, inputs: 32, outputs: 32)
    #expect(
      ConvolutionEngine.inputGradient(wide).map(\.name)
        == names(["winograd6", "direct", "patches"]))
    #expect(
      try ConvolutionEngine.inputGradient(geometry(stride: 2)).map(\.name) == names(["phases", "scatter"]))
    // One output of a large input, as behind a dense layer.
    #expect(
      try ConvolutionEngine.inputGradient(geometry(output: 1, kernel: 7, padding: 0)).map(\.name)
        == ["scatter"])
    let pointwise = try geometry(kernel: 1, padding: 0)
    #expect(
      ConvolutionEngine.inputGradient(pointwise).map(\.name) == names(["pointwise", "gemm"]))
    let blocks = try geometry(kernel: 2, stride: 2, padding: 0)
    #expect(
      ConvolutionEngine.inputGradient(blocks).map(\.name) == names(["blocks", "phases", "scatter"]))
  }

  @Test func weightGradients() throws {
    let wide = try geometry(output: 64, inputs: 32, outputs: 32)
    #expect(ConvolutionEngine.weightGradient(wide).map(\.name) == names(["winograd6", "patches"]))
    #expect(try ConvolutionEngine.weightGradient(geometry(stride: 2)).map(\.name) == ["patches"])
  }

  @Test func packingsOfDifferentFormsDiffer() throws {
    let plain = try geometry(output: 16, inputs: 32, outputs: 32)
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
