import Backbones
import TensorCore

extension NetworkRegistry {
  /// Networks that give an image a class; a new one is one more element.
  static let classifiers: [Architecture] = [
    classifier(
      "mlp", "Srivastava et al. 2014, JMLR 15", nominal: [1, 28, 28, 1], [.hidden1, .hidden2, .dropout],
      classes: 10
    ) { MultilayerPerceptron(classes: $0.classes, hidden: $0.hidden, dropout: $0.dropout) },
    classifier(
      "lenet5", "LeCun et al. 1998, Proc. IEEE 86", nominal: [1, 32, 32, 1], [.pooling], classes: 10
    ) { LeNet5(classes: $0.classes, pooling: $0.pooling) },
    classifier("alexnet", "Krizhevsky 2014, arXiv:1404.5997") { AlexNet(classes: $0.classes) },
    classifier("alexnet2012", "Krizhevsky et al. 2012, NIPS 25", nominal: [1, 227, 227, 3]) {
      AlexNet2012(classes: $0.classes)
    },
    classifier("caffenet", "Jia et al. 2014, arXiv:1408.5093", nominal: [1, 227, 227, 3]) {
      CaffeNet(classes: $0.classes)
    },
    classifier("zfnet", "Zeiler and Fergus 2014, arXiv:1311.2901") { ZFNet(classes: $0.classes) },
    vgg(.vgg11),
    vgg(.vgg11BatchNorm),
    vgg(.vgg13),
    vgg(.vgg13BatchNorm),
    vgg(.vgg16),
    vgg(.vgg16BatchNorm),
    vgg(.vgg19),
    vgg(.vgg19BatchNorm),
    googlenet(),
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
    classifier(variant.rawValue, "Simonyan and Zisserman 2015, arXiv:1409.1556", [.outputStride]) {
      VGG(variant, classes: $0.classes, outputStride: $0.outputStride)
    }
  }

  private static func googlenet() -> Architecture {
    let half: [Float] = [0.5, 0.5, 0.5]
    return classifier(
      "googlenet", "Szegedy et al. 2015, arXiv:1409.4842", [.auxiliaryHeads, .outputStride],
      normalization: Normalization(mean: half, deviation: half)
    ) {
      GoogLeNet(classes: $0.classes, hasAuxiliary: $0.hasAuxiliary, outputStride: $0.outputStride)
    }
  }

  private static func resnet(_ variant: ResNet.Variant) -> Architecture {
    classifier(variant.rawValue, "He et al. 2016, arXiv:1512.03385", [.outputStride]) {
      ResNet(variant, classes: $0.classes, outputStride: $0.outputStride)
    }
  }

  private static func densenet(_ variant: DenseNet.Variant) -> Architecture {
    classifier(variant.rawValue, "Huang et al. 2017, arXiv:1608.06993", [.outputStride]) {
      DenseNet(variant, classes: $0.classes, outputStride: $0.outputStride)
    }
  }
}
