import Backbones
import TensorCore

extension NetworkRegistry {
  /// Networks that give an image a class; a new one is one more element.
  static let classifiers: [Architecture] = [
    vgg(.vgg11),
    vgg(.vgg11BatchNorm),
    vgg(.vgg13),
    vgg(.vgg13BatchNorm),
    vgg(.vgg16),
    vgg(.vgg16BatchNorm),
    vgg(.vgg19),
    vgg(.vgg19BatchNorm),
    classifier("googlenet", "Szegedy et al. 2015, arXiv:1409.4842") { GoogLeNet(classes: $0.classes) },
    resnet(.resnet18),
    resnet(.resnet34),
    resnet(.resnet50),
    resnet(.resnet101),
    resnet(.resnet152),
    densenet(.densenet121),
    densenet(.densenet161),
    densenet(.densenet169),
    densenet(.densenet201),
  ]

  private static func vgg(_ variant: VGG.Variant) -> Architecture {
    classifier(variant.rawValue, "Simonyan and Zisserman 2015, arXiv:1409.1556", dilates: true) {
      VGG(variant, classes: $0.classes, outputStride: $0.outputStride)
    }
  }

  private static func resnet(_ variant: ResNet.Variant) -> Architecture {
    classifier(variant.rawValue, "He et al. 2016, arXiv:1512.03385", dilates: true) {
      ResNet(variant, classes: $0.classes, outputStride: $0.outputStride)
    }
  }

  private static func densenet(_ variant: DenseNet.Variant) -> Architecture {
    classifier(variant.rawValue, "Huang et al. 2017, arXiv:1608.06993", dilates: true) {
      DenseNet(variant, classes: $0.classes, outputStride: $0.outputStride)
    }
  }

  /// The arguments that classifiers have.
  struct ClassifierArguments {
    let classes: Int
    let outputStride: Int
  }

  /// A classifier of images of the size that ImageNet's networks take; `dilates` gives it an output stride to set.
  static func classifier(
    _ name: String, _ source: String,
    nominal: Shape = Shape(batch: 1, height: 224, width: 224, channels: 3), dilates: Bool = false,
    build: @escaping @Sendable (ClassifierArguments) -> any ClassificationNetwork
  ) -> Architecture {
    let classes = ArchitectureParameter(name: "classes", help: "classes", standard: 1000, range: 1...65536)
    let stride = ArchitectureParameter(
      name: "output_stride", help: "pixels between outputs of the last layer: 8, 16 or 32, by dilation",
      standard: 32, range: 8...32)
    return Architecture(
      name: name, task: .classification, source: source, nominal: nominal,
      parameters: dilates ? [classes, stride] : [classes],
      build: { arguments in
        build(
          ClassifierArguments(
            classes: arguments["classes"] ?? 1000, outputStride: arguments["output_stride"] ?? 32))
      })
  }
}
