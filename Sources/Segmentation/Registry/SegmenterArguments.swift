import Graphs
import TensorCore

/// The arguments of segmentation networks by name; a network reads those that it was listed with.
struct SegmenterArguments {
  private let values: [String: Int]

  init(_ values: [String: Int]) { self.values = values }

  var classes: Int { self["classes"] }
  var width: Int { self["width"] }
  var depth: Int { self["depth"] }
  var growth: Int { self["growth"] }
  var decoderWidth: Int { self["decoder_width"] }
  var hasAuxiliary: Bool { self["auxiliary"] == 1 }
  var module: DilatedContext.Module { self["large"] == 1 ? .large : .basic }

  /// The value of an argument, which its architecture lists.
  private subscript(name: String) -> Int {
    guard let value = values[name] else {
      preconditionFailure("an architecture lists '\(name)' if it reads it")
    }
    return value
  }
}

extension ArchitectureParameter {
  static func classes(_ standard: Int) -> Self {
    Self(name: "classes", help: "classes", standard: standard, range: 1...255)
  }

  static func width(_ standard: Int = 64, upTo largest: Int = 512) -> Self {
    Self(name: "width", help: "channels of the first level", standard: standard, range: 1...largest)
  }

  static func growth(_ standard: Int) -> Self {
    Self(name: "growth", help: "channels that a layer adds", standard: standard, range: 1...128)
  }

  static let depth = Self(name: "depth", help: "levels below the first", standard: 4, range: 1...7)
  static let decoderWidth = Self(
    name: "decoder_width", help: "channels of the last decoder block", standard: 16, range: 1...128)
  static let auxiliary = Self(
    name: "auxiliary", help: "1 with the auxiliary head of training, 0 without", standard: 1, range: 0...1)
  static let large = Self(
    name: "large", help: "1 for the large context module, 0 for the basic one", standard: 0, range: 0...1)
}

extension NetworkRegistry {
  /// An architecture that gives every pixel a class.
  static func segmenter(
    _ name: String, _ source: String,
    nominal: Shape = Shape(batch: 1, height: 256, width: 256, channels: 3),
    _ parameters: [ArchitectureParameter],
    build: @escaping @Sendable (SegmenterArguments) -> any SegmentationNetwork
  ) -> Architecture {
    Architecture(
      name: name, source: source, nominal: nominal, parameters: parameters,
      build: { build(SegmenterArguments($0)) })
  }
}
