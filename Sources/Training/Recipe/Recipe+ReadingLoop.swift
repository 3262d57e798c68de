import Datasets

extension Recipe {
  /// The keys of the loop's settings.
  static let loopKeys = [
    "accumulate", "clip", "average", "early_stopping", "keep", "time_limit", "save_every", "tensorboard",
    "folds",
  ]

  /// The loop's settings among the keys of a recipe.
  static func loop(_ keys: ConfigurationMapping) throws(DatasetError) -> LoopSettings {
    var loop = LoopSettings()
    loop.accumulation = try keys["accumulate"]?.integer(in: 1...4096) ?? 1
    if let clip = keys["clip"] {
      guard try clip.number() > 0 else { throw clip.wrong("a number above 0") }
      loop.clip = try clip.float(in: Float.leastNonzeroMagnitude...Float.greatestFiniteMagnitude)
    }
    if let average = keys["average"] {
      loop.average = try average.float(in: 0...1)
      guard loop.average != 1 else { throw average.wrong("a decay in 0..<1, such as 0.999") }
    }
    if let node = keys["early_stopping"] {
      let keys = try node.mapping(known: ["patience", "gain"])
      loop.earlyStopping = LoopSettings.EarlyStopping(
        patience: try keys.required("patience", "epochs to wait for a better score").integer(in: 0...100_000),
        gain: try keys["gain"].map { value throws(DatasetError) in Double(try value.float(in: 0...1e6)) } ?? 0
      )
    }
    loop.kept = try keys["keep"]?.integer(in: 0...1000) ?? 0
    loop.timeLimit = try keys["time_limit"]?.seconds()
    if let node = keys["save_every"] {
      if let steps = Int(try node.string()) {
        guard steps > 0 else { throw node.wrong("a number of steps above 0, or a time such as 10m") }
        loop.saveInterval = .steps(steps)
      } else {
        loop.saveInterval = .seconds(try node.seconds())
      }
    }
    loop.writesEvents = try keys["tensorboard"]?.boolean() ?? false
    if let node = keys["folds"] {
      let keys = try node.mapping(known: ["count", "index", "seed"])
      let count = try keys.required("count", "the number of parts").integer(in: 2...1000)
      loop.fold = LoopSettings.Fold(
        count: count,
        index: try keys.required("index", "the part that validates, from 0").integer(in: 0...count - 1),
        seed: try keys["seed"]?.seed() ?? 0)
    }
    return loop
  }
}

extension ConfigurationNode {
  /// Seconds written as a time: `90s`, `30m`, `1.5h`.
  func seconds() throws(DatasetError) -> Double {
    guard let seconds = LoopSettings.seconds(try string()) else {
      throw wrong("a time such as 90s, 30m or 1.5h")
    }
    return seconds
  }
}
