import TensorCore
import Testing
import Weights

@Suite struct RenameTableTests {
  @Test func appliesRulesInOrder() {
    let table = RenameTable([
      .prefix("module.", with: ""), .prefix("encoder.", with: "backbone."), .parts("norm.1", with: "norm1"),
    ])
    #expect(table.renamed("module.encoder.norm.1.weight") == "backbone.norm1.weight")
    #expect(table.renamed("encoder.norm.11.weight") == "backbone.norm.11.weight")
    #expect(table.renamed("head.encoder.bias") == "head.encoder.bias")
    #expect(table.renamed("subnorm.1") == "subnorm.1")
    #expect(table.renamed("norm.1.norm.1") == "norm1.norm1")
    #expect(table.renamed("") == "")
  }

  @Test func readsNamesOfOldDenseNets() {
    #expect(
      RenameTable.densenetWithDots.renamed("features.denseblock1.denselayer2.conv.2.weight")
        == "features.denseblock1.denselayer2.conv2.weight")
    #expect(RenameTable.densenetWithDots.renamed("features.norm5.weight") == "features.norm5.weight")
  }

  @Test func stripsWrappersThatAllNamesCarry() {
    let table = RenameTable.unwrapping(["state_dict.module.a.weight", "state_dict.module.model.bias"])
    #expect(table.rules == [.prefix("state_dict.", with: ""), .prefix("module.", with: "")])
    #expect(table.renamed("state_dict.module.model.bias") == "model.bias")
    #expect(RenameTable.unwrapping(["module.a", "b"]).rules.isEmpty)
    #expect(RenameTable.unwrapping(["module."]).rules.isEmpty)
    // A hostile name is not followed for ever.
    #expect(RenameTable.unwrapping([String(repeating: "net.", count: 200) + "a"]).rules.count == 16)
    #expect(RenameTable.unwrapping([String]()).rules.isEmpty)
  }

  @Test func refusesTwoTensorsOfOneName() throws {
    let tensors = ["module.a": Tensor(zeros: [1]), "a": Tensor(zeros: [2]), "b": Tensor(zeros: [3])]
    let table = RenameTable([.prefix("module.", with: "")])
    let error = #expect(throws: WeightsError.self) { try table.renamed(tensors, file: "f.safetensors") }
    #expect(error?.description == "f.safetensors: expected one tensor for a, found a and module.a")
    let fine = try RenameTable([.prefix("b", with: "c")]).renamed(tensors, file: "f")
    #expect(fine.keys.sorted() == ["a", "c", "module.a"])
    #expect(fine["c"]?.shape == [3])
  }
}
