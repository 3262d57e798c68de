import Datasets

extension Recipe {
  /// The stages under `stages:`, or the one that the recipe itself is.
  static func stages(_ keys: ConfigurationMapping) throws(DatasetError) -> [Stage] {
    guard let node = keys["stages"] else { return [try stage(keys, rate: nil)] }
    for name in ["epochs", "freeze", "cache_features"] {
      if let value = keys[name] { throw value.wrong("'\(name)' in each of the 'stages'") }
    }
    var stages: [Stage] = []
    for entry in try node.list() {
      let keys = try entry.mapping(known: ["epochs", "freeze", "cache_features", "rate"])
      let rate = keys["rate"]
      if let rate, try rate.number() <= 0 { throw rate.wrong("a number above 0") }
      stages.append(
        try stage(
          keys,
          rate: try rate.map { node throws(DatasetError) in
            try node.float(in: 0...Float.greatestFiniteMagnitude)
          }))
    }
    guard !stages.isEmpty else { throw node.wrong("at least one stage") }
    return stages
  }

  private static func stage(_ keys: ConfigurationMapping, rate: Float?) throws(DatasetError) -> Stage {
    var names: [String] = []
    for entry in try keys["freeze"]?.oneOrList() ?? [] { names.append(try entry.string()) }
    return Stage(
      epochs: try keys.required("epochs", "passes over the data").integer(in: 1...100_000), freeze: names,
      rate: rate, cachesFeatures: try keys["cache_features"]?.boolean() ?? false)
  }
}
