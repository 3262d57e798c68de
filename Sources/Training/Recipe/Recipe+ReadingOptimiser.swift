import Datasets

extension Recipe {
  /// The optimiser, its rate and the weight decay.
  static func optimiser(
    _ node: ConfigurationNode
  ) throws(DatasetError) -> (OptimiserKind, Float, Float) {
    let (name, keys) = try choice(node, "sgd, adam, adamw or rmsprop", common: ["rate", "decay"]) { name in
      switch name {
      case "sgd": ["momentum", "nesterov"]
      case "adam", "adamw": ["beta1", "beta2", "epsilon"]
      case "rmsprop": ["alpha", "momentum", "epsilon", "centered"]
      default: nil
      }
    }
    func number(_ key: String, _ standard: Float) throws(DatasetError) -> Float {
      guard let value = keys[key] else { return standard }
      guard try value.number() >= 0 else { throw value.wrong("a number of 0 or more") }
      return try value.float(in: 0...Float.greatestFiniteMagnitude)
    }
    func share(_ key: String, _ standard: Float) throws(DatasetError) -> Float {
      let share = try number(key, standard)
      if let value = keys[key], share >= 1 { throw value.wrong("a number in 0..<1") }
      return share
    }
    let kind: OptimiserKind
    switch name {
    case "sgd":
      kind = .sgd(
        momentum: try share("momentum", 0.9), nesterov: try keys["nesterov"]?.boolean() ?? false)
    case "adam", "adamw":
      kind = .adam(
        beta1: try share("beta1", 0.9), beta2: try share("beta2", 0.999),
        epsilon: try number("epsilon", 1e-8), decoupled: name == "adamw")
    default:
      kind = .rmsprop(
        smoothing: try share("alpha", 0.99), momentum: try share("momentum", 0),
        epsilon: try number("epsilon", 1e-8), centered: try keys["centered"]?.boolean() ?? false)
    }
    let rate = try keys.required("rate", "a learning rate")
    guard try rate.number() > 0 else { throw rate.wrong("a number above 0") }
    return (kind, try rate.float(in: 0...Float.greatestFiniteMagnitude), try number("decay", 0))
  }

  private static let schedules = "constant, step, multi-step, plateau, polynomial, cosine or one-cycle"

  /// The schedule, and the steps of the warm-up.
  static func schedule(_ node: ConfigurationNode?) throws(DatasetError) -> (Schedule, Int) {
    guard let node else { return (.constant, 0) }
    let (name, keys) = try choice(node, schedules, common: ["warmup"]) { name in
      switch name {
      case "constant": []
      case "step", "multi-step": ["epochs", "factor"]
      case "plateau": ["patience", "factor"]
      case "polynomial": ["power"]
      case "cosine": ["floor"]
      case "one-cycle": ["rise", "start", "end"]
      default: nil
      }
    }
    let factor = try keys["factor"]?.float(in: Float.leastNonzeroMagnitude...1) ?? 0.1
    let warmup = try keys["warmup"]?.integer(in: 0...1_000_000) ?? 0
    func share(_ key: String, _ standard: Float) throws(DatasetError) -> Float {
      try keys[key]?.float(in: 0...1) ?? standard
    }
    let schedule: Schedule
    switch name {
    case "step":
      schedule = .step(
        epochs: try keys.required("epochs", "epochs between two cuts").integer(in: 1...100_000),
        factor: factor)
    case "multi-step":
      let node = try keys.required("epochs", "the epochs after which the rate is cut")
      var epochs: [Int] = []
      for entry in try node.oneOrList() { epochs.append(try entry.integer(in: 1...100_000)) }
      guard !epochs.isEmpty, zip(epochs, epochs.dropFirst()).allSatisfy(<) else {
        throw node.wrong("epochs that rise")
      }
      schedule = .multiStep(epochs: epochs, factor: factor)
    case "plateau":
      schedule = .plateau(patience: try keys["patience"]?.integer(in: 0...100_000) ?? 10, factor: factor)
    case "polynomial":
      schedule = .polynomial(power: try keys["power"]?.float(in: 0...100) ?? 0.9)
    case "cosine":
      schedule = .cosine(floor: try share("floor", 0))
    case "one-cycle":
      schedule = .oneCycle(
        rise: try share("rise", 0.3), start: try share("start", 0.04), end: try share("end", 4e-6))
    default:
      schedule = .constant
    }
    return (schedule, warmup)
  }

  /// The name under `name`, and the keys, of which only those may be there that mean something with that name.
  ///
  /// - Parameters:
  ///   - names: the names that there are, in words.
  ///   - common: keys that all of them have.
  ///   - keys: those of a name; `nil` for one that there is not.
  private static func choice(
    _ node: ConfigurationNode, _ names: String, common: [String], _ keys: (String) -> [String]?
  ) throws(DatasetError) -> (name: String, keys: ConfigurationMapping) {
    var found: ConfigurationNode?
    for (key, value) in try node.pairs() where key == "name" { found = value }
    guard let found else {
      // Names the key that is missing.
      _ = try node.mapping(known: ["name"] + common).required("name", names)
      throw node.wrong(names)
    }
    let name = try found.string()
    guard let own = keys(name) else { throw found.wrong(names) }
    return (name, try node.mapping(known: ["name"] + common + own))
  }
}
