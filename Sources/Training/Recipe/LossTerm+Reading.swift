import Datasets

extension LossTerm {
  /// The names that a loss can have in a recipe.
  static let names = [
    "cross_entropy", "binary_cross_entropy", "dice", "jaccard", "tversky", "lovasz", "focal", "boundary",
    "ohem",
  ]

  /// The parameters of each loss besides `name` and `weight`.
  private static func parameters(_ name: String) -> [String]? {
    switch name {
    case "cross_entropy": ["weights", "smoothing"]
    case "binary_cross_entropy", "lovasz": []
    case "dice", "jaccard": ["smooth"]
    case "tversky": ["alpha", "beta", "smooth"]
    case "focal": ["gamma", "alpha"]
    case "boundary": ["object", "w0", "sigma", "weights"]
    case "ohem": ["threshold", "keep"]
    default: nil
    }
  }

  /// The loss under `loss:` of a recipe, or the list of those that are summed; cross entropy where there is none.
  ///
  /// - Throws: `DatasetError` that names an unknown loss or key, or a parameter outside of its range.
  static func list(_ node: ConfigurationNode?) throws(DatasetError) -> [LossTerm] {
    guard let node else { return [LossTerm(.crossEntropy(weights: nil, smoothing: 0))] }
    var terms: [LossTerm] = []
    for entry in try node.oneOrList() { terms.append(try LossTerm(entry)) }
    guard !terms.isEmpty else { throw node.wrong("at least one loss") }
    guard terms.contains(where: { $0.weight > 0 }) else { throw node.wrong("a loss of a weight above 0") }
    return terms
  }

  /// One entry; without a name it is cross entropy.
  private init(_ node: ConfigurationNode) throws(DatasetError) {
    var name = "cross_entropy"
    for (key, value) in try node.pairs() where key == "name" { name = try value.string() }
    guard let parameters = Self.parameters(name) else {
      throw .wrongValue(
        file: node.file, key: node.key + ".name", expected: "one of \(Self.names.joined(separator: ", "))",
        found: "'\(name)'")
    }
    let keys = try node.mapping(known: ["name", "weight"] + parameters)
    func number(
      _ key: String, _ standard: Float, _ range: ClosedRange<Float>
    ) throws(DatasetError) -> Float {
      try keys[key]?.float(in: range) ?? standard
    }
    let kind: LossKind
    switch name {
    case "binary_cross_entropy": kind = .binaryCrossEntropy
    case "dice": kind = .dice(smooth: try number("smooth", 0, 0...1e6))
    case "jaccard": kind = .jaccard(smooth: try number("smooth", 0, 0...1e6))
    case "tversky":
      let (alpha, beta) = (try number("alpha", 0.3, 0...100), try number("beta", 0.7, 0...100))
      guard alpha + beta > 0 else { throw node.wrong("'alpha' or 'beta' above 0") }
      kind = .tversky(alpha: alpha, beta: beta, smooth: try number("smooth", 0, 0...1e6))
    case "lovasz": kind = .lovasz
    case "focal":
      kind = .focal(gamma: try number("gamma", 2, 0...20), alpha: try keys["alpha"]?.float(in: 0...1))
    case "boundary":
      kind = .boundary(
        object: try keys["object"]?.integer(in: 0...254) ?? 1, w0: try number("w0", 10, 0...1000),
        sigma: try number("sigma", 5, 0.1...100), weights: try Self.weights(keys["weights"]))
    case "ohem":
      kind = .hardPixels(
        threshold: try number("threshold", 0.7, 0...1), keep: try number("keep", 0.0625, 0...1))
    default:
      kind = .crossEntropy(
        weights: try Self.weights(keys["weights"]), smoothing: try Self.smoothing(keys["smoothing"]))
    }
    self.init(kind, weight: try number("weight", 1, 0...1e6))
  }

  private static func weights(_ node: ConfigurationNode?) throws(DatasetError) -> [Float]? {
    guard let node else { return nil }
    var weights: [Float] = []
    for entry in try node.list() { weights.append(try entry.float(in: 0...1e6)) }
    guard weights.contains(where: { $0 > 0 }) else { throw node.wrong("a weight above 0") }
    return weights
  }

  private static func smoothing(_ node: ConfigurationNode?) throws(DatasetError) -> Float {
    guard let node else { return 0 }
    let smoothing = try node.number()
    guard (0..<1).contains(smoothing) else { throw node.wrong("a number in 0..<1") }
    return Float(smoothing)
  }
}
