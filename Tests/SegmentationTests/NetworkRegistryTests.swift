import Graphs
import Segmentation
import TensorCore
import Testing

@Suite struct NetworkRegistryTests {
  @Test func buildsWithStandardArguments() throws {
    let graph = try NetworkRegistry.graph("unet")
    #expect(graph == (try UNet(classes: 2, width: 64, depth: 4).graph()))
    #expect(try graph.inferShapes()[graph.outputs[0]] == [1, 256, 256, 2])
  }

  @Test func buildsWithArgumentsFromText() throws {
    let graph = try NetworkRegistry.graph(
      "unet", arguments: ["classes": "21", "width": "8", "depth": "1"], nominal: [2, 32, 64, 3])
    #expect(graph == (try UNet(classes: 21, width: 8, depth: 1).graph(nominal: [2, 32, 64, 3])))
    #expect(
      try NetworkRegistry.architecture("unet").checked(["width": "1"])
        == ["width": 1, "depth": 4, "deep_supervision": 0, "classes": 2])
  }

  @Test func namesArgumentsWithTheirRanges() throws {
    let unet = try NetworkRegistry.architecture("unet")
    #expect(unet.parameters.map(\.name) == ["width", "depth", "deep_supervision", "classes"])
    #expect(unet.parameters.map(\.standard) == [64, 4, 0, 2])
    for parameter in unet.parameters {
      #expect(parameter.range.contains(parameter.standard))
      for end in [parameter.range.lowerBound, parameter.range.upperBound] {
        #expect(try unet.checked([parameter.name: String(end)])[parameter.name] == end)
      }
    }
  }

  @Test func saysWhichModelsThereAre() {
    let error = #expect(throws: SegmentationError.self) { try NetworkRegistry.graph("unett") }
    let knownModels = NetworkRegistry.architectures.map(\.name).joined(separator: ", ")
    #expect(knownModels.hasPrefix("unet, "))
    #expect(
      error?.description
        == "--model: expected one of \(knownModels), found 'unett'; 'segment models' describes them")
  }

  @Test func saysWhichArgumentsThereAre() {
    let error = #expect(throws: SegmentationError.self) {
      try NetworkRegistry.graph("unet", arguments: ["widht": "8"])
    }
    #expect(
      error?.description
        == "unet: expected an argument of width, depth, deep_supervision, classes, found 'widht'")
  }

  @Test(arguments: ["0", "8", "-1", "", "4.0", "four", "99999999999999999999"])
  func saysWhatAnArgumentMayBe(text: String) {
    let error = #expect(throws: SegmentationError.self) {
      try NetworkRegistry.graph("unet", arguments: ["depth": text])
    }
    #expect(error?.description == "unet: expected depth of 1…7, found '\(text)'")
  }

  @Test func namesTheModelWhoseShapesDoNotFit() {
    let error = SegmentationError.graph(model: "unet", .duplicateName("inc"))
    #expect(error.description == "unet: inc: expected a name of its own for each node, found it twice")
  }

  @Test func familiesHaveEveryArchitectureOnce() throws {
    let families = NetworkRegistry.families
    #expect(
      families.flatMap(\.variants).map(\.name).sorted() == NetworkRegistry.architectures.map(\.name).sorted())
    let encoders = try #require(families.first { $0.variants.contains { $0.name == "unet-vgg11_bn" } })
    #expect(encoders.variants.count == 13 && encoders.task == .segmentation)
    #expect(encoders.arguments.map(\.name) == ["width", "decoder_width", "classes"])
    // DenseNet-161 has a wider stem.
    #expect(encoders.arguments[0].standards == [64, 96])
  }

  @Test func aChoiceIsOneOfItsValues() throws {
    let resnet = try NetworkRegistry.architecture("resnet18")
    #expect(try resnet.checked(["output_stride": "16"])["output_stride"] == 16)
    for text in ["9", "0", "64", "x"] {
      let error = #expect(throws: SegmentationError.self) {
        try NetworkRegistry.graph("resnet18", arguments: ["output_stride": text])
      }
      #expect(error?.description == "resnet18: expected output_stride of 8, 16 or 32, found '\(text)'")
    }
  }
}
