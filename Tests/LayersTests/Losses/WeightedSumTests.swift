import Layers
import TensorCore
import Testing

@Suite struct WeightedSumTests {
  private func scalar(_ value: Float) -> Tensor { Tensor([value], shape: [1, 1, 1, 1]) }

  @Test func addsByWeight() throws {
    let harness = OperatorHarness(WeightedSum([1, 0.5, -2]), inputs: [scalar(3), scalar(4), scalar(0.25)])
    #expect(try harness.forward().outputs[0].elements == [4.5])
    #expect(try harness.backward([scalar(2)]).inputs.map { $0?.elements } == [[2], [1], [-4]])
  }

  @Test func errors() {
    #expect(
      errorText { _ = try WeightedSum([1, 1]).outputShapes(for: [[1, 1, 1, 1]]) }
        == "weighted_sum: expected 2 inputs, found 1")
    #expect(
      errorText { _ = try WeightedSum([1]).outputShapes(for: [[1, 2, 1, 1]]) }
        == "weighted_sum: expected an input of [1, 1, 1, 1], found [1, 2, 1, 1]")
  }
}
