import Layers
import TensorCore
import Testing

@Suite struct AuxiliaryLogitsTests {
  @Test func passesUnchanged() throws {
    let input = Tensor.random([2, 3, 4, 5], seed: 1)
    let harness = OperatorHarness(AuxiliaryLogits(weight: 0.5), inputs: [input])
    #expect(try harness.forward().outputs[0] == input)
    #expect(try harness.backward([input]).inputs[0] == input)
    #expect(AuxiliaryLogits(weight: 0.5).isIdentity(for: [input.shape], mode: .training))
  }

  @Test func errors() {
    #expect(
      errorText { _ = try AuxiliaryLogits(weight: 1).outputShapes(for: []) }
        == "auxiliary_logits: expected 1 inputs, found 0")
  }
}
