import TensorCore
import Testing
import Weights

/// Checkpoints of other programs, loaded by name.
@Suite struct CheckpointParametersTests {
  private let one = Tensor([1], shape: [1])

  private func load(
    _ names: [String], _ wanted: [String], optional: Set<String> = []
  ) throws(WeightsError) -> LoadedParameters {
    let checkpoint = Checkpoint(
      architecture: nil, parameters: Dictionary(uniqueKeysWithValues: names.map { ($0, one) }))
    return try checkpoint.parameters(
      for: wanted.map { ($0, [1]) }, optional: optional, file: "f.pth", model: "net")
  }

  @Test func takesOffWrappers() throws {
    let loaded = try load(["model.a.weight", "model.b.weight", "mean", "std"], ["a.weight", "b.weight"])
    #expect(loaded.tensors.keys.sorted() == ["a.weight", "b.weight"])
    #expect(loaded.remarks.isEmpty)
    // Without a wrapper they are no statistics of an image.
    #expect(throws: WeightsError.self) { try load(["a.weight", "mean"], ["a.weight"]) }
  }

  @Test func leavesOutAuxiliaryHeads() throws {
    let loaded = try load(["fc.bias", "aux1.fc2.bias", "aux2.fc2.bias"], ["fc.bias"])
    #expect(loaded.tensors.keys.sorted() == ["fc.bias"])
    #expect(loaded.remarks == ["left out aux1.fc2.bias, aux2.fc2.bias, heads that net has not"])
    let both = try load(["fc.bias", "aux1.fc2.bias"], ["fc.bias", "aux1.fc2.bias"])
    #expect(both.tensors.count == 2 && both.remarks.isEmpty)
    let error = #expect(throws: WeightsError.self) { try load(["fc.bias", "auxiliary.bias"], ["fc.bias"]) }
    #expect(
      error?.description
        == "f.pth: expected the 1 parameters of net, found 1 unexpected (auxiliary.bias); "
        + "use the model and the arguments, such as classes, that the file was made for")
  }

  @Test func doesWithoutWhatOnlyTrainingNeeds() throws {
    let loaded = try load(["fc.bias"], ["fc.bias", "aux.bias"], optional: ["aux.bias"])
    #expect(loaded.tensors.keys.sorted() == ["fc.bias"])
    #expect(loaded.remarks == ["has no aux.bias; only training needs them"])
    #expect(throws: WeightsError.self) {
      try load(["aux.bias"], ["fc.bias", "aux.bias"], optional: ["aux.bias"])
    }
  }

  @Test func readsOldNamesOfDenseNets() throws {
    let old = "features.denseblock1.denselayer1.norm.1.weight"
    let new = "features.denseblock1.denselayer1.norm1.weight"
    #expect(try load([old], [new]).tensors.keys.sorted() == [new])
    // A network that has such a name keeps it.
    #expect(try load(["norm.1.weight"], ["norm.1.weight"]).tensors.keys.sorted() == ["norm.1.weight"])
    let error = #expect(throws: WeightsError.self) { try load([old, new], [new]) }
    #expect(error?.description == "f.pth: expected one tensor for \(new), found \(old) and \(new)")
  }
}
