import Augmentation
import Yams

/// The list under `augment:` of a recipe.
public enum AugmentationRecipe {
  /// The names that an entry can have.
  static let names = [
    "scale", "resize", "crop", "resized_crop", "flip", "rotate90", "rotate", "affine", "elastic", "color",
    "gray",
    "gamma", "lighting", "noise", "salt_pepper", "blur", "sobel", "cutout", "coarse_dropout", "jpeg",
    "cutmix", "mixup",
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
      if step.mixUp != nil, steps.contains(where: { $0.mixUp != nil }) { throw value.wrong("one 'mixup'") }
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
    func keys(_ known: String...) throws(DatasetError) -> Parameters {
      Parameters(try value.mapping(known: known + ["probability"]))
    }
    switch name {
    case "resize", "crop", "resized_crop": return try window(name, value)
    case "flip": return try flip(value)
    case "rotate90": return try keys().step(.rotate90)
    case "gray": return try keys().step(.gray)
    case "sobel": return try keys().step(.sobel)
    case "scale":
      let range = try keys("min", "max")
      return try range.step(.scale(min: range.required("min"), max: range.required("max")))
    case "gamma":
      let range = try keys("min", "max")
      return try range.step(.gamma(min: range.required("min"), max: range.required("max")))
    case "cutmix":
      let range = try keys("min", "max")
      return try range.step(.cutMix(min: range.optional("min", 0), max: range.optional("max", 0.5)))
    case "mixup":
      let blend = try keys("alpha")
      return try blend.step(.mixUp(alpha: blend.optional("alpha", 0.2)))
    case "jpeg":
      let range = try keys("min", "max")
      return try range.step(.jpeg(min: range.whole("min", 1...100), max: range.whole("max", 1...100)))
    case "rotate":
      let turn = try keys("degrees")
      return try turn.step(.rotate(degrees: turn.required("degrees")))
    case "affine":
      let map = try keys("degrees", "min", "max", "shear", "translate")
      return try map.step(
        .affine(
          degrees: map.optional("degrees", 0), min: map.optional("min", 1), max: map.optional("max", 1),
          shear: map.optional("shear", 0), translate: map.optional("translate", 0)))
    case "elastic":
      let bend = try keys("deviation", "grid")
      return try bend.step(
        .elastic(deviation: bend.optional("deviation", 10), grid: bend.whole("grid", 2...64, standard: 3)))
    case "color":
      let amounts = try keys("brightness", "contrast", "saturation", "hue")
      return try amounts.step(
        .color(
          brightness: amounts.optional("brightness", 0), contrast: amounts.optional("contrast", 0),
          saturation: amounts.optional("saturation", 0), hue: amounts.optional("hue", 0)))
    case "lighting":
      let light = try keys("deviation")
      return try light.step(.lighting(deviation: light.optional("deviation", 0.1)))
    case "noise", "blur":
      let amount = try keys("deviation")
      let deviation = try amount.required("deviation")
      return try amount.step(
        name == "noise" ? .noise(deviation: deviation) : .blur(deviation: deviation))
    case "salt_pepper":
      let share = try keys("amount")
      return try share.step(.saltAndPepper(amount: share.required("amount")))
    case "cutout":
      let square = try keys("size")
      return try square.step(.cutout(size: square.whole("size", 1...8192)))
    case "coarse_dropout":
      let squares = try keys("count", "min", "max")
      return try squares.step(
        .coarseDropout(
          count: squares.whole("count", 1...10_000), min: squares.whole("min", 1...8192),
          max: squares.whole("max", 1...8192)))
    default:
      throw .unknownKey(file: value.file, key: value.key, known: names)
    }
  }

  /// A step that brings samples to a size.
  private static func window(
    _ name: String, _ value: ConfigurationNode
  ) throws(DatasetError) -> AugmentationStep {
    let more = name == "resized_crop" ? ["min", "max", "min_ratio", "max_ratio"] : []
    let window = Parameters(try value.mapping(known: ["width", "height"] + more + ["probability"]))
    let (width, height) = (try window.whole("width", 1...8192), try window.whole("height", 1...8192))
    switch name {
    case "crop": return try window.step(.crop(width: width, height: height))
    case "resize": return try window.step(.resize(width: width, height: height))
    default:
      return try window.step(
        .resizedCrop(
          width: width, height: height, min: window.required("min"), max: window.optional("max", 1),
          minRatio: window.optional("min_ratio", 1), maxRatio: window.optional("max_ratio", 1)))
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
    case .needsMasks(let step):
      return .wrongValue(file: value.file, key: value.key, expected: "images with masks", found: step)
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

  func whole(_ name: String, _ range: ClosedRange<Int>, standard: Int? = nil) throws(DatasetError) -> Int {
    if let standard, mapping[name] == nil { return standard }
    return try mapping.required(name, "a whole number").integer(in: range)
  }

  func step(_ kind: AugmentationStep.Kind) throws(DatasetError) -> AugmentationStep {
    AugmentationStep(
      kind,
      probability: try mapping["probability"].map { node throws(DatasetError) in Float(try node.number()) })
  }
}
