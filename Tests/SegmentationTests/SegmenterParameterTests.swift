import Graphs
import Segmentation
import Testing

/// Counts that torchvision, segmentation_models.pytorch and the definitions in Tools/Golden/segmenters.py give.
@Suite struct SegmenterParameterTests {
  static let counts: [(name: String, arguments: [String: String], count: Int)] =
    [
      ("unet", 31_037_698), ("unet-resnet18", 14_328_354), ("unet-resnet34", 24_436_514),
      ("unet-resnet50", 32_521_250), ("unet-resnet101", 51_513_378), ("unet-resnet152", 67_157_026),
      ("unet-densenet121", 13_607_778), ("unet-densenet161", 38_738_466),
      ("unet-densenet169", 21_202_786), ("unet-densenet201", 28_580_706),
      ("unet-vgg11_bn", 18_259_682), ("unet-vgg13_bn", 18_444_578), ("unet-vgg16_bn", 23_756_834),
      ("unet-vgg19_bn", 29_069_090), ("fcn32s", 136_152_917), ("fcn16s", 134_815_994),
      ("fcn8s", 134_489_759), ("fcn_resnet50", 35_322_218), ("fcn_resnet101", 54_314_346),
      ("segnet", 29_449_355), ("segnet_basic", 1_416_075), ("dilated_frontend", 134_346_581),
      ("dilated", 134_374_973), ("fc_densenet56", 1_376_795), ("fc_densenet67", 3_463_243),
      ("fc_densenet103", 9_322_091),
    ].map { ($0.0, [:], $0.1) }
    + [
      ("dilated", ["large": "1"], 141_149_720), ("fcn_resnet50", ["auxiliary": "0"], 32_957_013),
    ]

  @Test(arguments: counts)
  func hasExactlyTheParametersOfItsPeer(name: String, arguments: [String: String], count: Int) throws {
    let specs = try NetworkRegistry.graph(name, arguments: arguments).parameterSpecs()
    #expect(specs.filter(\.spec.isTrained).reduce(0) { $0 + $1.spec.shape.count } == count)
  }

  @Test func everyArchitectureIsCounted() {
    let names = NetworkRegistry.architectures.filter { $0.task == .segmentation }.map(\.name)
    #expect(Self.counts.filter { $0.arguments.isEmpty }.map(\.name) == names)
  }

  @Test(arguments: [
    ("unet-resnet34", "encoder.layer4.2.conv2.weight", [512, 512, 3, 3]),
    ("unet-resnet34", "decoder.blocks.0.conv1.0.weight", [256, 768, 3, 3]),
    ("unet-resnet34", "decoder.blocks.4.conv2.1.running_mean", [16]),
    ("unet-resnet34", "segmentation_head.0.weight", [2, 16, 3, 3]),
    ("unet-densenet121", "encoder.features.norm5.weight", [1024]),
    ("unet-vgg16_bn", "decoder.center.1.0.weight", [512, 512, 3, 3]),
    ("fcn_resnet50", "backbone.layer3.5.conv2.weight", [256, 256, 3, 3]),
    ("fcn_resnet50", "classifier.4.bias", [21]),
    ("fcn_resnet50", "aux_classifier.0.weight", [256, 1024, 3, 3]),
    ("fcn8s", "classifier.0.weight", [4096, 512, 7, 7]),
    ("fcn8s", "upscore_pool4.weight", [21, 21, 4, 4]),
    ("fcn8s", "upscore8.weight", [21, 21, 16, 16]),
    ("segnet", "encoder.features.41.running_var", [512]),
    ("segnet", "decoder.conv4_1.weight", [256, 512, 3, 3]),
    ("segnet_basic", "decoder.3.conv.weight", [64, 64, 7, 7]),
    ("dilated", "features.28.weight", [512, 512, 3, 3]),
    ("dilated", "context.7.weight", [21, 21, 1, 1]),
    ("fc_densenet103", "denseBlocksDown.4.layers.11.norm.weight", [640]),
    ("fc_densenet103", "transUpBlocks.0.convTrans.weight", [240, 240, 3, 3]),
    ("fc_densenet103", "denseBlocksUp.0.layers.0.norm.weight", [896]),
    ("fc_densenet103", "finalConv.weight", [11, 256, 1, 1]),
  ])
  func hasThePeersNames(model: String, parameter: String, shape: [Int]) throws {
    let specs = try NetworkRegistry.graph(model).parameterSpecs()
    #expect(specs.first { $0.name == parameter }.map { $0.spec.shape.description } == "\(shape)")
  }
}
