/// An argument of an architecture, a whole number.
public struct ArchitectureParameter: Sendable, Equatable {
  /// Such as `width`.
  public let name: String
  /// What it says.
  public let help: String
  /// Taken when nobody sets it.
  public let standard: Int
  /// What it may be.
  public let range: ClosedRange<Int>
  /// The only values of the range that it may be; empty where all are good.
  public let choices: [Int]

  /// An argument that may be any number of a range.
  init(name: String, help: String, standard: Int, range: ClosedRange<Int>) {
    (self.name, self.help, self.standard, self.range, choices) = (name, help, standard, range, [])
  }

  /// An argument that may be one of a few numbers, in their order.
  init(name: String, help: String, standard: Int, choices: [Int]) {
    (self.name, self.help, self.standard, self.choices) = (name, help, standard, choices)
    range = (choices.first ?? standard)...(choices.last ?? standard)
  }

  /// What it may be, for people: `1…7` or `8, 16 or 32`.
  var values: String {
    guard let last = choices.last else { return "\(range.lowerBound)…\(range.upperBound)" }
    return choices.dropLast().map(String.init).joined(separator: ", ") + " or \(last)"
  }

  /// Whether it may be this.
  func allows(_ value: Int) -> Bool { range.contains(value) && (choices.isEmpty || choices.contains(value)) }
}

/// The arguments that networks have.
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
  static let deepSupervision = Self(
    name: "deep_supervision", help: "1 with logits of the decoder's lower levels in training, 0 without",
    standard: 0, range: 0...1)
  static let large = Self(
    name: "large", help: "1 for the large context module, 0 for the basic one", standard: 0, range: 0...1)
  static let outputStride = Self(
    name: "output_stride", help: "pixels between outputs of the last convolution: 8, 16 or 32, by dilation",
    standard: 32, choices: [8, 16, 32])
  static let auxiliaryHeads = Self(
    name: "auxiliary", help: "1 with the auxiliary heads, for training by the paper; 0 without", standard: 0,
    range: 0...1)
  static let pooling = Self(
    name: "pooling", help: "0 mean, 1 largest, 2 L2 norm, 3 stochastic", standard: 0, range: 0...3)
  static let hidden1 = Self(
    name: "hidden1", help: "units of the first hidden layer", standard: 512, range: 1...65536)
  static let hidden2 = Self(
    name: "hidden2", help: "units of the second hidden layer", standard: 256, range: 1...65536)
  static let dropout = Self(
    name: "dropout", help: "percent of the hidden units that drop in training", standard: 20, range: 0...90)
}
