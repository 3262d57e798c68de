import Backbones

/// The arguments of an architecture by name; a network reads those that it was listed with.
struct ArchitectureArguments {
  private let values: [String: Int]

  init(_ values: [String: Int]) { self.values = values }

  var classes: Int { self["classes"] }
  var width: Int { self["width"] }
  var depth: Int { self["depth"] }
  var growth: Int { self["growth"] }
  var decoderWidth: Int { self["decoder_width"] }
  var outputStride: Int { self["output_stride"] }
  var hasAuxiliary: Bool { self["auxiliary"] == 1 }
  var hasDeepSupervision: Bool { self["deep_supervision"] == 1 }
  var module: DilatedContext.Module { self["large"] == 1 ? .large : .basic }
  var hidden: [Int] { [self["hidden1"], self["hidden2"]] }
  var pooling: LeNet5.Pooling { LeNet5.Pooling(rawValue: self["pooling"]) ?? .average }
  var dropout: Float { Float(self["dropout"]) / 100 }

  /// The value of an argument, which its architecture lists.
  private subscript(name: String) -> Int {
    guard let value = values[name] else {
      preconditionFailure("an architecture lists '\(name)' if it reads it")
    }
    return value
  }
}
