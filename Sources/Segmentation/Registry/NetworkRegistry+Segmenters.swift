import Backbones
import TensorCore

extension NetworkRegistry {
  /// Networks that give every pixel a class; a new one is one more element.
  static let segmenters: [Architecture] =
    [
      segmenter(
        "unet", "Ronneberger et al. 2015, arXiv:1505.04597",
        [.width(), .depth, .deepSupervision, .classes(2)]
      ) {
        UNet(
          classes: $0.classes, width: $0.width, depth: $0.depth, hasDeepSupervision: $0.hasDeepSupervision)
      }
    ] + encoderUNets + fcns + [
      segmenter(
        "segnet", "Badrinarayanan et al. 2017, arXiv:1511.00561", nominal: camVid,
        [.width(upTo: 128), .classes(11)]
      ) { SegNet(classes: $0.classes, width: $0.width) },
      segmenter(
        "segnet_basic", "Badrinarayanan et al. 2017, arXiv:1511.00561", nominal: camVid,
        [.width(), .classes(11)]
      ) { SegNetBasic(classes: $0.classes, width: $0.width) },
      segmenter("dilated_frontend", yuKoltun, nominal: voc, [.width(upTo: 128), .classes(21)]) {
        DilatedFrontend(classes: $0.classes, width: $0.width)
      },
      segmenter("dilated", yuKoltun, nominal: voc, [.width(upTo: 128), .large, .classes(21)]) {
        DilatedContext($0.module, frontend: DilatedFrontend(classes: $0.classes, width: $0.width))
      },
    ] + FCDenseNet.Variant.allCases.map(fcDenseNet)

  private static let yuKoltun = "Yu and Koltun 2016, arXiv:1511.07122"
  /// Sizes that papers train on.
  private static let voc = Shape(batch: 1, height: 512, width: 512, channels: 3)
  private static let camVid = Shape(batch: 1, height: 360, width: 480, channels: 3)

  private static let fcns =
    FCN.Stride.allCases.map { stride in
      segmenter(
        "fcn\(stride.rawValue)s", "Long et al. 2015, arXiv:1411.4038", nominal: voc,
        [.width(upTo: 128), .classes(21)]
      ) { FCN(stride, classes: $0.classes, width: $0.width) }
    }
    + [ResNet.Variant.resnet50, .resnet101].map { variant in
      segmenter(
        "fcn_\(variant.rawValue)", "Long et al. 2015, arXiv:1411.4038, as torchvision builds it",
        nominal: voc,
        [.width(), .auxiliary, .classes(21)]
      ) { FCNResNet(variant, classes: $0.classes, width: $0.width, hasAuxiliary: $0.hasAuxiliary) }
    }

  private static let encoderUNets: [Architecture] =
    ResNet.Variant.allCases.map { variant in
      let model = ResNet(variant)
      return encoderUNet(variant.rawValue, width: model.width) {
        ResNet(model.block, blocks: model.blocks, width: $0)
      }
    }
    + DenseNet.Variant.allCases.map { variant in
      let model = DenseNet(variant)
      return encoderUNet(variant.rawValue, width: model.stem) {
        DenseNet(growth: max(1, $0 / 2), layers: model.layers, stem: $0)
      }
    }
    + VGG.Variant.allCases.filter { VGG($0).batchNorm }.map { variant in
      let model = VGG(variant)
      return encoderUNet(variant.rawValue, width: model.width) {
        VGG(convolutions: model.convolutions, batchNorm: true, width: $0)
      }
    }

  private static func encoderUNet(
    _ encoder: String, width: Int, build: @escaping @Sendable (Int) -> any Backbone
  ) -> Architecture {
    segmenter(
      "unet-\(encoder)",
      "Ronneberger et al. 2015, arXiv:1505.04597, as segmentation_models.pytorch builds it",
      [.width(width), .decoderWidth, .classes(2)]
    ) { EncoderUNet(build($0.width), classes: $0.classes, decoderWidth: $0.decoderWidth) }
  }

  private static func fcDenseNet(_ variant: FCDenseNet.Variant) -> Architecture {
    segmenter(
      variant.rawValue, "Jégou et al. 2017, arXiv:1611.09326", nominal: camVid,
      [.width(48), .growth(FCDenseNet.growth(of: variant)), .classes(11)]
    ) { FCDenseNet(variant, classes: $0.classes, growth: $0.growth, width: $0.width) }
  }
}
