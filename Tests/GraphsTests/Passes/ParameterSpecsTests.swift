import Graphs
import Layers
import TensorCore
import Testing

@Suite struct ParameterSpecsTests {
  private func small(extra: Bool = false) throws -> Graph {
    try network([1, 4, 4, 3]) { image in
      let y = try image.conv(2, kernel: 3, bias: false, Scope("s") / 0).batchNorm(Scope("s") / 1)
      let z = extra ? try y.conv(2, kernel: 1, "extra") : y
      return [try z.transposedConv(4, kernel: 2, stride: 2, "up").dense(5, "fc")]
    }
  }

  @Test func listsNamesAndShapesInTheOrderOfTheNodes() throws {
    let specs = try small().parameterSpecs()
    #expect(
      specs.map { "\($0.name) \($0.spec.shape)" } == [
        "s.0.weight [2, 3, 3, 3]", "s.1.weight [2]", "s.1.bias [2]", "s.1.running_mean [2]",
        "s.1.running_var [2]", "up.weight [2, 4, 2, 2]", "up.bias [4]", "fc.weight [5, 256]", "fc.bias [5]",
      ])
    #expect(
      specs.filter { !$0.spec.isTrained }.map(\.name) == ["s.1.running_mean", "s.1.running_var"])
    #expect(specs.filter(\.spec.decays).map(\.name) == ["s.0.weight", "up.weight", "fc.weight"])
  }

  @Test func startsDependOnSeedAndNameAlone() throws {
    let first = try small().initialParameters(seed: 7)
    #expect(first == (try small().initialParameters(seed: 7)))
    let longer = try small(extra: true).initialParameters(seed: 7)
    for (name, tensor) in first { #expect(longer[name] == tensor, "\(name)") }
    #expect(longer.count == first.count + 2)
    let other = try small().initialParameters(seed: 8)
    #expect(other["s.0.weight"] != first["s.0.weight"])
    #expect(first["s.1.running_var"] == Tensor(repeating: 1, shape: [2]))
    #expect(first["s.1.bias"] == Tensor(zeros: [2]))
  }

  @Test func likeLayersOfOtherNamesStartApart() throws {
    let graph = try network([1, 4, 4, 3]) {
      [try $0.conv(3, kernel: 3, "a").conv(3, kernel: 3, "b")]
    }
    let parameters = try graph.initialParameters(seed: 1)
    #expect(parameters["a.weight"] != parameters["b.weight"])
  }

  @Test func convolutionsStartWithTheDeviationOfHe() throws {
    let graph = try network([1, 4, 4, 64]) { [try $0.conv(64, kernel: 3, "a")] }
    let weight = try #require(graph.initialParameters(seed: 1)["a.weight"]).elements.map(Double.init)
    let mean = weight.reduce(0, +) / Double(weight.count)
    let variance = weight.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(weight.count)
    // 36,864 draws: the relative deviation of a variance is √(2 / n), some 0.7 %.
    #expect(abs(variance / (2 / 576.0) - 1) < 0.03)
    #expect(abs(mean) < 4 * (2 / 576.0).squareRoot() / 192)
  }
}
