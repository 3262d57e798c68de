import Backbones
import Graphs
import TensorCore

/// The arguments of classifiers by name; a network reads those that it was listed with.
struct ClassifierArguments {
  private let values: [String: Int]

  init(_ values: [String: Int]) { self.values = values }

  var classes: Int { self["classes"] }
  var outputStride: Int { self["output_stride"] }
  var hasAuxiliary: Bool { self["auxiliary"] == 1 }
  var hidden: [Int] { [self["hidden1"], self["hidden2"]] }
  var dropout: Float { Float(self["dropout"]) / 100 }

  /// The value of an argument, which its architecture lists.
  private subscript(name: String) -> Int {
    guard let value = values[name] else {
      preconditionFailure("an architecture lists '\(name)' if it reads it")
    }
    return value
  }
}

extension ArchitectureParameter {
  static let outputStride = Self(
    name: "output_stride", help: "pixels between outputs of the last convolution: 8, 16 or 32, by dilation",
    standard: 32, range: 8...32)
  static let auxiliaryHeads = Self(
    name: "auxiliary", help: "1 with the auxiliary heads of training, 0 without", standard: 0, range: 0...1)
  static let hidden1 = Self(
    name: "hidden1", help: "units of the first hidden layer", standard: 512, range: 1...65536)
  static let hidden2 = Self(
    name: "hidden2", help: "units of the second hidden layer", standard: 256, range: 1...65536)
  static let dropout = Self(
    name: "dropout", help: "percent of the hidden units that drop in training", standard: 20, range: 0...90)
}

extension NetworkRegistry {
  /// An architecture that gives an image a class; `classes` comes before its other arguments.
  static func classifier(
    _ name: String, _ source: String,
    nominal: Shape = Shape(batch: 1, height: 224, width: 224, channels: 3),
    _ parameters: [ArchitectureParameter] = [], classes: Int = 1000,
    build: @escaping @Sendable (ClassifierArguments) -> any ClassificationNetwork
  ) -> Architecture {
    let count = ArchitectureParameter(name: "classes", help: "classes", standard: classes, range: 1...65536)
    return Architecture(
      name: name, task: .classification, source: source, nominal: nominal, parameters: [count] + parameters,
      build: { build(ClassifierArguments($0)) })
  }
}
