import Graphs
import Segmentation
import TensorCore
import Testing

/// Every classifier of the registry at full size, against what torchvision says of it.
@Suite struct NetworkSizeTests {
  /// Parameters, and multiply-accumulates of convolutions and dense layers at 224×224 in thousands of millions.
  static let sizes: [(name: String, parameters: Int, gigaMACs: Double)] = [
    ("vgg11", 132_863_336, 7.609),
    ("vgg11_bn", 132_868_840, 7.609),
    ("vgg13", 133_047_848, 11.308),
    ("vgg13_bn", 133_053_736, 11.308),
    ("vgg16", 138_357_544, 15.470),
    ("vgg16_bn", 138_365_992, 15.470),
    ("vgg19", 143_667_240, 19.632),
    ("vgg19_bn", 143_678_248, 19.632),
    ("googlenet", 6_624_904, 1.498),
    ("resnet18", 11_689_512, 1.814),
    ("resnet34", 21_797_672, 3.664),
    ("resnet50", 25_557_032, 4.089),
    ("resnet101", 44_549_160, 7.801),
    ("resnet152", 60_192_808, 11.514),
    ("densenet121", 7_978_856, 2.834),
    ("densenet161", 28_681_000, 7.728),
    ("densenet169", 14_149_480, 3.360),
    ("densenet201", 20_013_928, 4.291),
  ]

  @Test(arguments: sizes)
  func hasTorchvisionsSize(name: String, parameters: Int, gigaMACs: Double) throws {
    let architecture = try NetworkRegistry.architecture(name)
    #expect(architecture.task == .classification)
    #expect(architecture.nominal == [1, 224, 224, 3])
    let graph = try NetworkRegistry.graph(name)
    let specs = try graph.parameterSpecs()
    #expect(specs.filter(\.spec.isTrained).reduce(0) { $0 + $1.spec.shape.count } == parameters)
    let macs = try graph.macs().reduce(0, +)
    #expect((Double(macs) / 1e6).rounded() / 1e3 == gigaMACs)
    #expect(try graph.inferShapes()[graph.outputs[0]] == [1, 1, 1, 1000])
  }

  /// All weights have the same shapes at every output stride, and classes change the last layer alone.
  @Test(arguments: sizes)
  func argumentsKeepTheWeights(name: String, parameters: Int, gigaMACs: Double) throws {
    let architecture = try NetworkRegistry.architecture(name)
    let specs = try NetworkRegistry.graph(name).parameterSpecs()
    if architecture.parameters.contains(where: { $0.name == "output_stride" }) {
      for stride in [8, 16] {
        let graph = try NetworkRegistry.graph(name, arguments: ["output_stride": String(stride)])
        #expect(try graph.parameterSpecs() == specs)
        #expect(try graph.macs().reduce(0, +) > Int(gigaMACs * 1e9))
      }
      let error = #expect(throws: SegmentationError.self) {
        try NetworkRegistry.graph(name, arguments: ["output_stride": "12"])
      }
      #expect(error?.description == "\(name): expected output_stride of 8, 16 or 32, found '12'")
    }
    let fewer = try NetworkRegistry.graph(name, arguments: ["classes": "7"]).parameterSpecs()
    #expect(fewer.map(\.name) == specs.map(\.name))
    #expect(zip(fewer, specs).filter { $0.spec.shape != $1.spec.shape }.count == 2)
  }
}
