import Backbones
import Graphs
import TensorCore

extension NetworkRegistry {
  /// Networks that give an image a class; a new one is one more element.
  static let classifiers: [Architecture] = [
    Architecture(
      name: "mlp", task: .classification, source: "Srivastava et al. 2014, JMLR 15",
      nominal: Shape(batch: 1, height: 28, width: 28, channels: 1),
      parameters: [
        ArchitectureParameter(
          name: "hidden1", help: "units of the first hidden layer", standard: 512, range: 1...65536),
        ArchitectureParameter(
          name: "hidden2", help: "units of the second hidden layer", standard: 256, range: 1...65536),
        ArchitectureParameter(
          name: "dropout", help: "percent of the hidden units that drop", standard: 20, range: 0...90),
        ArchitectureParameter(name: "classes", help: "classes", standard: 10, range: 1...65536),
      ],
      build: {
        MultilayerPerceptron(
          classes: $0["classes"] ?? 10, hidden: [$0["hidden1"] ?? 512, $0["hidden2"] ?? 256],
          dropout: Float($0["dropout"] ?? 20) / 100)
      }),
    classifier("lenet5", "LeCun et al. 1998, Proc. IEEE 86", [32, 32, 1], classes: 10) { LeNet5(classes: $0) },
    classifier("alexnet", "Krizhevsky 2014, arXiv:1404.5997", [224, 224, 3]) { AlexNet(classes: $0) },
    classifier("alexnet2012", "Krizhevsky et al. 2012, NIPS 25", [227, 227, 3]) { AlexNet2012(classes: $0) },
    classifier("caffenet", "Jia et al. 2014, arXiv:1408.5093", [227, 227, 3]) { CaffeNet(classes: $0) },
    classifier("zfnet", "Zeiler and Fergus 2014, arXiv:1311.2901", [224, 224, 3]) { ZFNet(classes: $0) },
  ]

  /// An architecture whose only argument is the number of classes; `size` is height, width and channels.
  private static func classifier(
    _ name: String, _ source: String, _ size: [Int], classes: Int = 1000,
    _ build: @escaping @Sendable (_ classes: Int) -> any Network
  ) -> Architecture {
    Architecture(
      name: name, task: .classification, source: source, nominal: Shape([1] + size),
      parameters: [
        ArchitectureParameter(name: "classes", help: "classes", standard: classes, range: 1...65536)
      ],
      build: { build($0["classes"] ?? classes) })
  }
}
