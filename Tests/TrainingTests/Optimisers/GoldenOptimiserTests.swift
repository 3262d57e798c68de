import Foundation
import Graphs
import TensorCore
import Testing
import Training
import Weights

/// Against PyTorch's optimisers, by Tools/Golden/optimisers.py.
@Suite struct GoldenOptimiserTests {
  private let file: SafetensorsFile

  init() throws { file = try goldenFile("optimisers") }

  private static let kinds: [(String, OptimiserKind)] = [
    ("sgd", .sgd(momentum: 0.9, nesterov: false)), ("nesterov", .sgd(momentum: 0.9, nesterov: true)),
    ("adam", .adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decoupled: false)),
    ("adamw", .adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decoupled: true)),
    ("rmsprop", .rmsprop(smoothing: 0.99, momentum: 0, epsilon: 1e-8, centered: false)),
    ("rmsprop_centered", .rmsprop(smoothing: 0.9, momentum: 0.5, epsilon: 1e-8, centered: true)),
  ]

  /// Twelve steps of two parameters, of which the first decays.
  @Test(arguments: kinds + [("clipped", .sgd(momentum: 0.9, nesterov: false))])
  func trajectory(name: String, kind: OptimiserKind) throws {
    let expected = try file.tensor("optimiser.\(name)").elements
    #expect(expected.count == 12 * 17)
    let pair = try ParameterPair(file)
    var optimiser = kind.make(decay: 0.1)
    var worst: Float = 0
    for step in 0..<12 {
      try pair.writeGradients(file, step: step)
      if name == "clipped" { Gradients.clip(pair.parameters, to: 2, pool: ThreadPool(threads: 2)) }
      optimiser.step(pair.parameters, rate: 0.05, pool: ThreadPool(threads: 2))
      for (found, wanted) in zip(pair.values, expected[step * 17..<(step + 1) * 17]) {
        worst = max(worst, abs(found - wanted) / max(1, abs(wanted)))
      }
    }
    #expect(worst < 3e-6)
  }

  /// 3, 4 and 12 make 13; what is shorter than the limit stays.
  @Test func clipping() throws {
    let pair = try ParameterPair(file)
    for item in pair.parameters { item.gradient.update(repeating: 0, count: item.shape.count) }
    (pair.parameters[0].gradient[2], pair.parameters[1].gradient[0], pair.parameters[1].gradient[4]) = (
      3, -4, 12
    )
    let pool = ThreadPool(threads: 1)
    #expect(Gradients.clip(pair.parameters, to: 14, pool: pool) == 13 && pair.parameters[1].gradient[4] == 12)
    #expect(Gradients.clip(pair.parameters, to: 6.5, pool: pool) == 13)
    #expect(
      abs(pair.parameters[1].gradient[0] + 2) < 1e-6 && abs(pair.parameters[0].gradient[2] - 1.5) < 1e-6)
    pair.parameters[0].gradient[0] = .nan
    #expect(!Gradients.clip(pair.parameters, to: 1, pool: pool).isFinite)
  }

  @Test func rmspropGoesOnFromItsStateWithTheSameBits() throws {
    try expectSameBits { RMSprop(momentum: 0.5, centered: true, decay: 0.1) }
  }
}

/// A golden file of these tests.
func goldenFile(_ name: String) throws -> SafetensorsFile {
  let folder = Bundle.module.resourceURL ?? Bundle.module.bundleURL
  return try SafetensorsReader.read(folder.appendingPathComponent("Golden/\(name).safetensors").path)
}

/// The two parameters of the golden values with memory for their gradients.
private final class ParameterPair {
  let parameters: [TrainedParameter]

  init(_ file: SafetensorsFile) throws {
    parameters = try ["weight", "bias"].map { name in
      let start = try file.tensor("start.\(name)")
      let values = UnsafeMutableBufferPointer<Float>.allocate(capacity: 2 * start.count)
      _ = values.initialize(from: start.elements + start.elements)
      let base = try #require(values.baseAddress)
      return TrainedParameter(
        name: name, shape: start.shape, decays: name == "weight", parameter: base,
        gradient: base + start.count)
    }
  }

  deinit { for item in parameters { item.parameter.deallocate() } }

  var values: [Float] {
    parameters.flatMap { Array(UnsafeBufferPointer(start: $0.parameter, count: $0.shape.count)) }
  }

  func writeGradients(_ file: SafetensorsFile, step: Int) throws {
    for item in parameters {
      let all = try file.tensor("gradient.\(item.name)").elements
      for index in 0..<item.shape.count { item.gradient[index] = all[step * item.shape.count + index] }
    }
  }
}
