import Layers
import TensorCore

/// Multiplies by its weight in one of two ways: `swift` with much scratch memory, or `frugal` with none, which
/// multiplies by ten times the weight, so that a test sees which one ran.
struct Scaling: Operator {
  static let scratch = 1 << 20

  var label: String { "scaling" }
  var backwardReads: BackwardReads { [] }

  func outputShapes(for inputs: [Shape]) throws(LayerError) -> [Shape] { inputs }

  func parameterSpecs(for inputs: [Shape]) -> [ParameterSpec] {
    [ParameterSpec("weight", [1], .constant(3))]
  }

  func algorithms(for inputs: [Shape], _ direction: Direction) -> [any Algorithm] {
    [Way(name: "swift", factor: 1, scratch: Self.scratch), Way(name: "frugal", factor: 10, scratch: 0)]
  }

  func forward(_ pass: ForwardPass) {
    guard let algorithm = pass.algorithm, let packed = pass.packed else { return }
    algorithm.run(
      pass.inputs[0], packed: packed, bias: nil, addend: nil, output: pass.outputs[0],
      workspace: pass.workspace,
      pool: pass.pool)
  }

  func backward(_ pass: BackwardPass) {}

  struct Way: Algorithm {
    let name: String
    let factor: Float
    let scratch: Int

    var packing: String { name }
    var products: Int { 0 }
    var packedCount: Int { 1 }

    func workspace(threads: Int) -> Int { scratch }

    func pack(_ weight: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>, pool: ThreadPool) {
      packed[0] = weight[0] * factor
    }

    func run(
      _ input: TensorView, packed: UnsafePointer<Float>, bias: UnsafePointer<Float>?, addend: TensorView?,
      output: TensorView, workspace: UnsafeMutablePointer<Float>, pool: ThreadPool
    ) {
      for index in 0..<input.shape.count { output.pointer[index] = input.pointer[index] * packed[0] }
    }
  }
}
