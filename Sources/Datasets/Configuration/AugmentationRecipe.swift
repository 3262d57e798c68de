import Augmentation
import Yams

/// The list under `augment:` of a recipe.
public enum AugmentationRecipe {
  /// The names that an entry can have.
  static let names = [
    "scale", "resize", "crop", "resized_crop", "flip", "rotate90", "color", "gamma", "noise", "blur",
  ]

  /// The steps of a list whose entries are mappings of one name to its parameters.
  ///
  /// - Throws: `DatasetError` that names an unknown entry or key, or a parameter outside of its range.
  public static func steps(_ list: ConfigurationNode) throws(DatasetError) -> [AugmentationStep] {
    var steps: [AugmentationStep] = []
    for entry in try list.list() {
      let pairs = try entry.pairs()
      guard let (name, value) = pairs.first, pairs.count == 1 else {
        throw entry.wrong("one of \(names.joined(separator: ", ")) with its parameters")
      }
      let step = try step(name, value)
      do throws(AugmentationError) {
        try step.validate()
      } catch {
        throw refusal(error, value)
      }
      steps.append(step)
    }
    return steps
  }

  /// The steps of a list in a file that messages call `file`, at the dotted key `key`.
  public static func steps(
    from node: Node, file: String, key: String = "augment"
  ) throws(DatasetError) -> [AugmentationStep] {
    try steps(ConfigurationNode(file: file, key: key, node: node))
  }

  private static func step(
    _ name: String, _ value: ConfigurationNode
  ) throws(DatasetError) -> AugmentationStep {
    switch name {
    case "scale":
      let range = Parameters(try value.mapping(known: ["min", "max", "probability"]))
      return try range.step(.scale(min: range.required("min"), max: range.required("max")))
    case "resize", "crop":
      let window = Parameters(try value.mapping(known: ["width", "height", "probability"]))
      let (width, height) = (try window.pixels("width"), try window.pixels("height"))
      return try window.step(
        name == "crop" ? .crop(width: width, height: height) : .resize(width: width, height: height))
    case "resized_crop":
      let window = Parameters(
        try value.mapping(known: ["width", "height", "min", "max", "probability"]))
      return try window.step(
        .resizedCrop(
          width: window.pixels("width"), height: window.pixels("height"),
          min: window.required("min"), max: window.optional("max", 1)))
    case "flip":
      return try flip(value)
    case "rotate90":
      return try Parameters(try value.mapping(known: ["probability"])).step(.rotate90)
    case "color":
      let amounts = Parameters(
        try value.mapping(known: ["brightness", "contrast", "saturation", "probability"]))
      return try amounts.step(
        .color(
          brightness: amounts.optional("brightness", 0), contrast: amounts.optional("contrast", 0),
          saturation: amounts.optional("saturation", 0)))
    case "gamma":
      let range = Parameters(try value.mapping(known: ["min", "max", "probability"]))
      return try range.step(.gamma(min: range.required("min"), max: range.required("max")))
    case "noise", "blur":
      let amount = Parameters(try value.mapping(known: ["deviation", "probability"]))
      let deviation = try amount.required("deviation")
      return try amount.step(
        name == "noise" ? .noise(deviation: deviation) : .blur(deviation: deviation))
    default:
      throw .unknownKey(file: value.file, key: value.key, known: names)
    }
  }

  /// `flip: horizontal`, or `flip: {axis: horizontal, probability: 0.5}`.
  private static func flip(_ value: ConfigurationNode) throws(DatasetError) -> AugmentationStep {
    if case .mapping = value.node {
      let parameters = Parameters(try value.mapping(known: ["axis", "probability"]))
      let axis = try parameters.mapping.required("axis", "horizontal or vertical")
      return try parameters.step(.flip(try Self.axis(axis)))
    }
    return AugmentationStep(.flip(try axis(value)))
  }

  private static func axis(_ value: ConfigurationNode) throws(DatasetError) -> Flip.Axis {
    guard let axis = Flip.Axis(rawValue: try value.string()) else {
      throw value.wrong("horizontal or vertical")
    }
    return axis
  }

  /// A refused parameter at its place in the file.
  private static func refusal(_ error: AugmentationError, _ value: ConfigurationNode) -> DatasetError {
    func text(_ number: Double) -> String { Int(exactly: number).map(String.init) ?? "\(number)" }
    switch error {
    case .outOfRange(let key, let lower, let upper, let found):
      let name = key.split(separator: ".").last.map(String.init) ?? key
      return .wrongValue(
        file: value.file, key: "\(value.key).\(name)",
        expected: "a number in \(text(lower))…\(text(upper))", found: text(found))
    case .emptyRange(_, let min, let max):
      return .wrongValue(
        file: value.file, key: value.key, expected: "'min' at most 'max'",
        found: "\(text(min)) and \(text(max))")
    }
  }
}

/// The parameters of one entry.
private struct Parameters {
  let mapping: ConfigurationMapping

  init(_ mapping: ConfigurationMapping) { self.mapping = mapping }

  func required(_ name: String) throws(DatasetError) -> Double {
    try mapping.required(name, "a number").number()
  }

  func optional(_ name: String, _ standard: Double) throws(DatasetError) -> Double {
    try mapping[name]?.number() ?? standard
  }

  func pixels(_ name: String) throws(DatasetError) -> Int {
    try mapping.required(name, "pixels").integer(in: 1...8192)
  }

  func step(_ kind: AugmentationStep.Kind) throws(DatasetError) -> AugmentationStep {
    AugmentationStep(
      kind,
      probability: try mapping["probability"].map { node throws(DatasetError) in Float(try node.number()) })
  }
}
