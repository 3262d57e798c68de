import Foundation
import TensorCore
import Testing
import Weights

@Suite struct ShippedModelsTests {
  private func write(_ name: String, architecture: String, in folder: String) throws {
    var checkpoint = Checkpoint(architecture: architecture, parameters: ["w": Tensor(zeros: [100])])
    checkpoint.classes = ["background", name]
    checkpoint.provenance = ["licence": "CC-BY-4.0"]
    try checkpoint.write(to: "\(folder)/\(name).safetensors")
  }

  @Test func listsAndFindsModels() throws {
    try withFolder { folder in
      try write("unet", architecture: "unet", in: folder)
      try write("nuclei", architecture: "unet", in: folder)
      try write("segnet", architecture: "segnet_basic", in: folder)
      try Data("text".utf8).write(to: URL(fileURLWithPath: "\(folder)/README.md"))
      let models = try ShippedModels.find(in: ["\(folder)/none", folder, "/"])
      #expect(models.folder == folder)
      let all = try models.all()
      #expect(all.map(\.name) == ["nuclei", "segnet", "unet"])
      #expect(all.map(\.architecture) == ["unet", "segnet_basic", "unet"])
      #expect(all.allSatisfy { $0.licence == "CC-BY-4.0" && $0.bytes > 400 && $0.bytes < 2000 })
      #expect(try models.model("nuclei").description.classes == ["background", "nuclei"])
      #expect(try Checkpoint.read(models.model("nuclei").path).parameters.count == 1)
      #expect(try models.model(for: "unet")?.name == "unet")
      #expect(try models.model(for: "segnet") == nil)
      #expect(try models.model(for: "fcn32s") == nil)
      let error = #expect(throws: WeightsError.self) { try models.model("../nuclei") }
      #expect(
        error?.description
          == "../nuclei: expected a file or a model that ships, found nuclei, segnet, unet; "
          + "'segment models' lists them")
    }
  }

  @Test func namesTheFileThatIsBroken() throws {
    try withFolder { folder in
      try Data([1, 2, 3]).write(to: URL(fileURLWithPath: "\(folder)/bad.safetensors"))
      #expect(throws: WeightsError.tooSmall(file: "\(folder)/bad.safetensors", bytes: 3)) {
        try ShippedModels(folder: folder).all()
      }
    }
  }

  @Test func saysWhereItLooked() {
    let error = #expect(throws: WeightsError.self) { try ShippedModels.find(in: ["/none/a", "/none/b"]) }
    #expect(
      error?.description
        == "models that ship: expected the folder Tessera_Weights.resources beside the program, found none in "
        + "/none/a, /none/b; put it there or give --weights FILE")
  }

  @Test func findsTheFolderOfThisBuild() throws {
    let models = try ShippedModels.installed()
    #expect(models.folder.hasSuffix("/Tessera_Weights.resources/Shipped"))
    for model in try models.all() { #expect(model.architecture != nil && model.licence != nil) }
  }
}
