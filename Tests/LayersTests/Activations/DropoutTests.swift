import Layers
import TensorCore
import Testing

@Suite struct DropoutTests {
  private let shape: Shape = [2, 31, 43, 24]

  @Test func keepsTheShareAndScales() throws {
    for probability in [Float(0.1), 0.5, 0.9] {
      let ones = Tensor(repeating: 1, shape: shape)
      let found = try OperatorHarness(Dropout(probability), inputs: [ones], seed: 5).forward().outputs[0]
        .elements
      let scale = 1 / (1 - probability)
      #expect(found.allSatisfy { $0 == 0 || $0 == scale })
      let (count, share) = (Double(found.count), Double(probability))
      let dropped = Double(found.count { $0 == 0 })
      #expect(abs(dropped - count * share) < 4 * (count * share * (1 - share)).squareRoot())
    }
  }

  @Test func neighboursAndSeedsAreIndependent() throws {
    let ones = Tensor(repeating: 1, shape: shape)
    func mask(_ seed: UInt64) throws -> [Bool] {
      try OperatorHarness(Dropout(0.5), inputs: [ones], seed: seed).forward().outputs[0].elements.map {
        $0 > 0
      }
    }
    let first = try mask(1)
    let others = [
      "next seed": try mask(2), "neighbour": Array(first.dropFirst()),
      "next pixel": Array(first.dropFirst(shape.channels)),
      "shifted seed": Array(try mask(2).dropFirst()),
    ]
    for (what, other) in others {
      let pairs = zip(first, other)
      let count = Double(min(first.count, other.count))
      let agree = Double(pairs.count { $0 == $1 })
      #expect(abs(agree - count / 2) < 2 * count.squareRoot(), "\(what)")
    }
  }

  @Test func backwardUsesTheSameMask() throws {
    let input = Tensor(repeating: 1, shape: shape)
    let harness = OperatorHarness(Dropout(0.3), inputs: [input], seed: 9)
    let gradient = try harness.backward([input]).inputs[0]
    #expect(try harness.forward().outputs[0] == gradient)
    #expect(try harness.backward([nil]).inputs[0] == Tensor(zeros: shape))
    try GradientCheck().run(Dropout(0.3), inputs: [Tensor.random([2, 3, 5, 7], seed: 2)])
  }

  @Test func inferenceChangesNothing() throws {
    let input = Tensor.random([1, 3, 5, 7], seed: 4)
    #expect(try OperatorHarness(Dropout(0.5), inputs: [input], mode: .inference).forward().outputs == [input])
    #expect(try OperatorHarness(Dropout(0), inputs: [input]).forward().outputs == [input])
    #expect(Dropout(0.5).isIdentity(for: [input.shape], mode: .inference))
    #expect(!Dropout(0.5).isIdentity(for: [input.shape], mode: .training))
  }

  @Test func errors() {
    let shape: Shape = [1, 1, 1, 1]
    #expect(
      errorText { _ = try Dropout(1).outputShapes(for: [shape]) }
        == "dropout: expected probability in percent of 0 or more, below 100, found 100")
    #expect(
      errorText { _ = try Dropout(.nan).outputShapes(for: [shape]) }
        == "dropout: expected probability in percent of 0 or more, below 100, found 0")
    #expect(
      errorText { _ = try Dropout(0.5).outputShapes(for: [shape, shape]) }
        == "dropout: expected 1 inputs, found 2")
  }
}
