import Datasets

extension Recipe {
  /// The optimiser, its rate and the weight decay.
  static func optimiser(
    _ node: ConfigurationNode
  ) throws(DatasetError) -> (OptimiserKind, Float, Float) {
    let keys = try node.mapping(
      known: [
        "name", "rate", "decay", "momentum", "nesterov", "beta1", "beta2", "epsilon", "alpha", "centered",
      ])
    let name = try keys.required("name", "sgd, adam, adamw or rmsprop")
    func number(_ key: String, _ standard: Float) throws(DatasetError) -> Float {
      guard let value = keys[key] else { return standard }
      let number = try value.number()
      guard number >= 0 else { throw value.wrong("a number of 0 or more") }
      return Float(number)
    }
    func share(_ key: String, _ standard: Float) throws(DatasetError) -> Float {
      let share = try number(key, standard)
      if let value = keys[key], share >= 1 { throw value.wrong("a number in 0..<1") }
      return share
    }
    let kind: OptimiserKind
    switch try name.string() {
    case "sgd":
      kind = .sgd(
        momentum: try number("momentum", 0.9), nesterov: try keys["nesterov"]?.boolean() ?? false)
    case "adam", "adamw":
      kind = .adam(
        beta1: try share("beta1", 0.9), beta2: try share("beta2", 0.999),
        epsilon: try number("epsilon", 1e-8), decoupled: try name.string() == "adamw")
    case "rmsprop":
      kind = .rmsprop(
        smoothing: try share("alpha", 0.99), momentum: try number("momentum", 0),
        epsilon: try number("epsilon", 1e-8), centered: try keys["centered"]?.boolean() ?? false)
    default:
      throw name.wrong("sgd, adam, adamw or rmsprop")
    }
    let rate = try keys.required("rate", "a learning rate")
    guard try rate.number() > 0 else { throw rate.wrong("a number above 0") }
    return (kind, try rate.float(in: 0...Float.greatestFiniteMagnitude), try number("decay", 0))
  }

  private static let schedules = "constant, step, multi-step, plateau, polynomial, cosine or one-cycle"

  /// The schedule, and the steps of the warm-up.
  static func schedule(_ node: ConfigurationNode?) throws(DatasetError) -> (Schedule, Int) {
    guard let node else { return (.constant, 0) }
    let keys = try node.mapping(
      known: ["name", "epochs", "factor", "patience", "power", "floor", "rise", "start", "end", "warmup"])
    let name = try keys.required("name", schedules)
    let factor = try keys["factor"]?.float(in: Float.leastNonzeroMagnitude...1) ?? 0.1
    let warmup = try keys["warmup"]?.integer(in: 0...1_000_000) ?? 0
    func share(_ key: String, _ standard: Float) throws(DatasetError) -> Float {
      try keys[key]?.float(in: 0...1) ?? standard
    }
    let schedule: Schedule
    switch try name.string() {
    case "constant":
      schedule = .constant
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
      throw name.wrong(schedules)
    }
    return (schedule, warmup)
  }
}
