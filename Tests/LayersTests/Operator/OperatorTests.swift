import Layers
import TensorCore
import Testing

@Suite struct OperatorTests {
  /// An operator that says no more than it must.
  private struct Plain: Operator {
    var number = 0
    var label: String { "plain" }
    var backwardReads: BackwardReads { [] }
    func outputShapes(for inputs: [Shape]) throws(LayerError) -> [Shape] { inputs }
    func forward(_ pass: ForwardPass) {}
    func backward(_ pass: BackwardPass) {}
  }

  @Test func defaults() {
    let (plain, shapes) = (Plain(), [Shape([1, 2, 3, 4])])
    #expect(plain.parameterSpecs(for: shapes).isEmpty)
    #expect(plain.macs(for: shapes) == 0)
    #expect(plain.window(for: shapes) == nil && plain.sees(input: 1))
    #expect(plain.savedShapes(for: shapes).isEmpty)
    #expect(!plain.isIdentity(for: shapes, mode: .inference))
    #expect(plain.algorithms(for: shapes, .forward).isEmpty)
    #expect(plain.workspace(for: shapes, .backward, threads: 4) == 0)
  }

  @Test func equality() {
    #expect(Plain().isEqual(to: Plain()))
    #expect(!Plain().isEqual(to: Plain(number: 1)))
    #expect(!Plain().isEqual(to: Dense(outputs: 1)))
    #expect(!Dense(outputs: 1).isEqual(to: Plain()))
  }

  @Test func backwardReads() {
    let both: BackwardReads = [.inputs, .outputs]
    #expect(both.contains(.inputs))
    #expect(both.contains(.outputs))
    #expect(!BackwardReads.inputs.contains(.outputs))
  }
}
