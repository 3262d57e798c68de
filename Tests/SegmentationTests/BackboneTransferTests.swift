import Backbones
import Graphs
import Segmentation
import TensorCore
import Testing
import Weights

/// Each network that is built on a classifier takes that classifier's file, and no other's.
@Suite struct BackboneTransferTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let classifier: any Network
    let network: any Network
    /// How the names of parameters start that come from the classifier.
    let starts: [String]
    var testDescription: String { name }
  }

  private static let narrow = (vgg: [2, 2, 3, 3, 3], resnet: [1, 1, 1, 1])

  private static func vgg(_ batchNorm: Bool) -> VGG {
    VGG(convolutions: narrow.vgg, batchNorm: batchNorm, width: 1, hidden: 64, classes: 5)
  }

  private static func resnet(_ block: ResNet.Block, classes: Int = 5) -> ResNet {
    ResNet(block, blocks: narrow.resnet, width: 2, classes: classes)
  }

  private static let densenet = DenseNet(growth: 2, layers: [1, 2, 1, 1], stem: 4, classes: 5)

  static let cases = [
    Case(
      name: "fcn8s", classifier: vgg(false), network: FCN(.s8, classes: 3, width: 1),
      starts: ["features.", "classifier."]),
    Case(
      name: "fcn32s of batch norm", classifier: vgg(true), network: FCN(.s32, classes: 3, width: 1),
      starts: ["features.", "classifier."]),
    Case(
      name: "dilated_frontend", classifier: vgg(false), network: DilatedFrontend(classes: 3, width: 1),
      starts: ["features.", "classifier."]),
    Case(
      name: "dilated of batch norm", classifier: vgg(true),
      network: DilatedContext(.basic, frontend: DilatedFrontend(classes: 3, width: 1)),
      starts: ["features.", "classifier."]),
    Case(name: "segnet", classifier: vgg(true), network: SegNet(classes: 3, width: 1), starts: ["encoder."]),
    Case(
      name: "segnet of plain", classifier: vgg(false), network: SegNet(classes: 3, width: 1),
      starts: ["encoder."]),
    Case(
      name: "unet-vgg_bn", classifier: vgg(true), network: EncoderUNet(vgg(true), classes: 3),
      starts: ["encoder."]),
    Case(
      name: "unet-resnet", classifier: resnet(.basic), network: EncoderUNet(resnet(.basic), classes: 3),
      starts: ["encoder."]),
    Case(
      name: "unet-densenet", classifier: densenet, network: EncoderUNet(densenet, classes: 3),
      starts: ["encoder."]),
    Case(
      name: "resnet", classifier: resnet(.bottleneck), network: resnet(.bottleneck, classes: 3),
      starts: ["conv1", "bn1", "layer"]),
    Case(
      name: "googlenet", classifier: GoogLeNet(classes: 5, slimming: 16, hasAuxiliary: true),
      network: GoogLeNet(classes: 3, slimming: 16), starts: ["conv", "inception"]),
  ]

  private func parameters(_ network: any Network) throws -> [String: Tensor] {
    try network.graph(nominal: [1, 64, 64, 3]).initialParameters(seed: 3)
  }

  @Test(arguments: cases) func takesTheClassifier(_ entry: Case) throws {
    let checkpoint = Checkpoint(architecture: nil, parameters: try parameters(entry.classifier))
    let own = try parameters(entry.network)
    let loaded = try checkpoint.backbone(
      for: own.map { ($0.key, $0.value.shape) }, by: try #require(entry.network.transfer), file: "c.pth",
      model: "net")
    let expected = own.keys.filter { name in entry.starts.contains(where: name.hasPrefix) }
    #expect(loaded.tensors.keys.sorted() == expected.sorted())
    for (name, tensor) in loaded.tensors { #expect(tensor.shape == own[name]?.shape) }
  }

  @Test(arguments: cases) func refusesOthers(_ entry: Case) throws {
    let wanted: [ParameterMatch.Wanted] = try parameters(entry.network).map { ($0.key, $0.value.shape) }
    let transfer = try #require(entry.network.transfer)
    let others: [any Network] = [
      ResNet(.basic, blocks: [1, 1, 1, 2], width: 2, classes: 5),
      VGG(convolutions: [1, 1, 2, 2, 2], batchNorm: true, width: 1, hidden: 64, classes: 5),
      DenseNet(growth: 2, layers: [1, 2, 2, 1], stem: 4, classes: 5),
    ]
    for other in others {
      let checkpoint = Checkpoint(architecture: nil, parameters: try parameters(other))
      #expect(throws: WeightsError.self) {
        try checkpoint.backbone(for: wanted, by: transfer, file: "c.pth", model: "net")
      }
    }
  }

  /// The dense layers of VGG, as convolutions, see what the classifier sees.
  @Test func convolutionsHoldTheDenseLayersNumbers() throws {
    let source = try parameters(Self.vgg(false))
    let network = FCN(.s32, classes: 3, width: 1)
    let own = try parameters(network)
    let loaded = try Checkpoint(architecture: nil, parameters: source).backbone(
      for: own.map { ($0.key, $0.value.shape) }, by: try #require(network.transfer), file: "c.pth",
      model: "net")
    for name in ["classifier.0.weight", "classifier.3.weight"] {
      #expect(loaded.tensors[name]?.shape.rank == 4)
      #expect(loaded.tensors[name]?.elements == source[name]?.elements)
    }
  }

  /// SegNet's encoder on a VGG-16 without batch norm gives what that gives.
  @Test func batchNormBehindPlainConvolutionsChangesNothing() throws {
    let source = try parameters(Self.vgg(false))
    let network = SegNet(classes: 3, width: 1)
    let own = try parameters(network)
    let tensors = try Checkpoint(architecture: nil, parameters: source).backbone(
      for: own.map { ($0.key, $0.value.shape) }, by: try #require(network.transfer), file: "c.pth",
      model: "net"
    ).tensors
    // The third convolution of the fourth stage: 21 without batch norm, 30 with it.
    for (name, sourceName) in [("0", "0"), ("30", "21"), ("40", "28")] {
      #expect(tensors["encoder.features.\(name).weight"] == source["features.\(sourceName).weight"])
      #expect(tensors["encoder.features.\(name).bias"] == source["features.\(sourceName).bias"])
      let norm = "encoder.features.\((Int(name) ?? 0) + 1)"
      let parts = try ["weight", "bias", "running_mean", "running_var"].map {
        try #require(tensors["\(norm).\($0)"]).elements
      }
      for channel in parts[0].indices {
        let scale = Double(parts[0][channel]) / (Double(parts[3][channel]) + 1e-5).squareRoot()
        #expect(abs(scale - 1) < 1e-7 && parts[1][channel] == 0 && parts[2][channel] == 0)
      }
    }
  }

  @Test func networksOfTheirOwnHaveNone() throws {
    for name in ["unet", "segnet_basic", "fc_densenet56", "mlp", "lenet5"] {
      #expect(try NetworkRegistry.transfer(name) == nil, "\(name)")
    }
    for name in [
      "unet-resnet34", "fcn_resnet50", "fcn8s", "dilated", "segnet", "resnet18", "vgg16_bn", "alexnet",
      "alexnet2012", "caffenet", "zfnet",
    ] {
      #expect(try NetworkRegistry.transfer(name) != nil, "\(name)")
    }
  }
}
