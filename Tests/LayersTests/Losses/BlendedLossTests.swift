import Layers
import TensorCore
import Testing

@Suite struct BlendedLossTests {
  private func scalar(_ value: Float) -> Tensor { Tensor([value], shape: [1, 1, 1, 1]) }

  @Test func addsByShare() throws {
    let harness = OperatorHarness(BlendedLoss(), inputs: [scalar(3), scalar(5), scalar(0.25)])
    #expect(try harness.forward().outputs[0].elements == [4.5])
    #expect(try harness.backward([scalar(2)]).inputs.map { $0?.elements } == [[0.5], [1.5], [0]])
  }

  @Test(arguments: [(Float(1), Float(3)), (0, 5)]) func oneAlone(share: Float, expected: Float) throws {
    let values = [share == 0 ? Float.nan : 3, share == 1 ? .infinity : 5, share]
    let harness = OperatorHarness(BlendedLoss(), inputs: values.map(scalar))
    #expect(try harness.forward().outputs[0].elements == [expected])
  }

  @Test func errors() {
    #expect(
      errorText { _ = try BlendedLoss().outputShapes(for: [[1, 1, 1, 1], [1, 1, 1, 1]]) }
        == "blended_loss: expected 3 inputs, found 2")
    #expect(
      errorText { _ = try BlendedLoss().outputShapes(for: [[1, 1, 1, 1], [1, 1, 1, 1], [1, 2, 1, 1]]) }
        == "blended_loss: expected an input of [1, 1, 1, 1], found [1, 2, 1, 1]")
  }
}
