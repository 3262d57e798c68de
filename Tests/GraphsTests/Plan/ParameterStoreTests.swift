import Graphs
import Layers
import TensorCore
import TestSupport
import Testing

@Suite struct ParameterStoreTests {
  private func graph() throws -> Graph {
    try network([1, 6, 6, 3]) { [try $0.conv(4, kernel: 3, Scope("stem") / "conv").batchNorm("n")] }
  }

  @Test func namesAParameterThatIsMissing() throws {
    var parameters = try graph().initialParameters(seed: 1)
    parameters["n.running_var"] = nil
    let error = #expect(throws: GraphError.parameterMissing("n.running_var")) {
      try ParameterStore(graph(), parameters)
    }
    #expect(
      error?.description == "n.running_var: expected a parameter, found none; load weights that have it")
  }

  @Test func namesAParameterOfAnotherShape() throws {
    var parameters = try graph().initialParameters(seed: 1)
    parameters["stem.conv.weight"] = Tensor(zeros: [4, 27])
    let error = #expect(throws: GraphError.self) { try ParameterStore(graph(), parameters) }
    #expect(
      error?.description == "stem.conv.weight: expected a parameter of [4, 3, 3, 3], found [4, 27]")
  }

  @Test func copiesWhatTheGraphReads() throws {
    var parameters = try graph().initialParameters(seed: 1)
    let store = try ParameterStore(
      graph(), parameters.merging(["other": Tensor(zeros: [9])]) { old, _ in old })
    #expect(store.tensors == parameters)
    #expect(store.bytes == (4 * 27 + 4 + 16) * 4)
    try store.pointer("n.bias")[2] = 5
    #expect(store.tensors["n.bias"]?.elements == [0, 0, 5, 0])
    #expect(parameters["n.bias"]?.elements == [0, 0, 0, 0])
    let error = #expect(throws: GraphError.self) { try store.pointer("other") }
    #expect(error?.description == "other: expected a parameter, found none; load weights that have it")

    parameters["n.bias"] = Tensor([1, 2, 3, 4], shape: [4])
    store.update(parameters.merging(["other": Tensor(zeros: [1])]) { old, _ in old })
    #expect(store.tensors == parameters)
    store.update(["n.bias": Tensor(zeros: [3])])
    #expect(store.tensors == parameters)
  }

  @Test func packsAnewWhenWeightsHaveChanged() throws {
    let graph = try graph()
    let parameters = randomized(try graph.initialParameters(seed: 1), seed: 3)
    let store = try ParameterStore(graph, parameters)
    let plan = try Plan(
      graph, inputs: [:], mode: .inference, parameters: store, pool: ThreadPool(threads: 1))
    let input = Tensor.random([1, 6, 6, 3], seed: 2)
    func output() throws -> Tensor {
      try plan.input("input").copy(from: input)
      plan.forward()
      return plan.output().tensor()
    }
    let before = try output()
    let bytes = store.bytes
    for index in 0..<108 { try store.pointer("stem.conv.weight")[index] *= -2 }
    store.didChange()
    let after = try output()
    #expect(after != before)
    #expect(after == (try infer(graph, store.tensors, input)[0]))
    #expect(store.bytes == bytes)
    store.update(parameters)
    #expect(try output() == before)
    // A parameter that nobody says has changed is still packed as it was.
    for index in 0..<108 { try store.pointer("stem.conv.weight")[index] *= -2 }
    store.didChange([])
    #expect(try output() == before)
  }
}
