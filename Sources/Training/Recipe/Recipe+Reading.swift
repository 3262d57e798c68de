import Augmentation
import Datasets
import Foundation
import TensorCore
import Yams

extension Recipe {
  private static let keys =
    [
      "name", "model", "initial", "initial_backbone", "data", "validation", "input", "normalization",
      "augment",
      "batch", "epochs", "freeze", "cache_features", "stages", "seed", "optimiser", "schedule", "loss",
      "batch_norm",
    ] + loopKeys

  /// Reads a recipe; paths in it are relative to it.
  ///
  /// - Parameter overrides: `key=value` pairs that replace or add values, with dotted keys such as
  ///   `optimiser.rate=0.01`.
  /// - Throws: `DatasetError` that names the key: for an unknown or missing one, or a wrong value.
  public static func read(_ path: String, overrides: [String] = []) throws(DatasetError) -> Recipe {
    var top = try ConfigurationNode.read(path)
    for override in overrides { top = try top.overridden(by: override) }
    return try Recipe(top, folder: path.parentFolder)
  }

  /// The recipe that a YAML value holds; relative paths in it start at `folder`.
  public init(_ top: ConfigurationNode, folder: String) throws(DatasetError) {
    let keys = try top.mapping(known: Self.keys)
    (file, self.folder) = (top.file, folder)
    name = try keys["name"]?.string() ?? top.file.withoutFileExtension
    var model = ("", [String: String]())
    for (key, value) in try keys.required("model", "{name: unet, width: 16}").pairs() {
      if key == "name" { model.0 = try value.string() } else { model.1[key] = try value.string() }
    }
    guard !model.0.isEmpty else {
      throw .missingKey(file: top.file, key: "model.name", expected: "an architecture such as unet")
    }
    (self.model, arguments) = model
    initialWeights = try keys["initial"]?.string().path(in: folder)
    initialBackbone = try keys["initial_backbone"]?.string().path(in: folder)
    data = []
    let parts = try keys.required("data", "a dataset and its split")
    for part in try parts.oneOrList() { data.append(try Self.part(part, folder, split: "train")) }
    guard !data.isEmpty else { throw parts.wrong("at least one dataset") }
    validation = try keys["validation"].map { node throws(DatasetError) in
      try Self.part(node, folder, split: "val")
    }
    input = try Self.input(keys["input"])
    normalization = try Self.normalization(keys["normalization"])
    hasNormalization = keys["normalization"] != nil
    augmentation =
      try keys["augment"].map { node throws(DatasetError) in
        try AugmentationRecipe.steps(node)
      } ?? []
    batch = try keys["batch"]?.integer(in: 1...4096) ?? 4
    stages = try Self.stages(keys)
    seed = try keys["seed"]?.seed() ?? 0
    batchNormMomentum =
      try keys["batch_norm"]?.mapping(known: ["momentum"])["momentum"]?.float(in: 1e-4...1) ?? 0.1
    (optimiser, rate, decay) = try Self.optimiser(keys.required("optimiser", "{name: adam, rate: 0.001}"))
    (schedule, warmup) = try Self.schedule(keys["schedule"])
    loop = try Self.loop(keys)
    if let fold = keys["folds"], validation != nil {
      throw fold.wrong("either 'folds' or 'validation'")
    }
    losses = try LossTerm.list(keys["loss"])
  }

  private static func part(
    _ node: ConfigurationNode, _ folder: String, split: String
  ) throws(DatasetError) -> DataPart {
    let keys = try node.mapping(known: ["dataset", "split", "repeat"])
    return DataPart(
      dataset: try keys.required("dataset", "the path of a description").string().path(in: folder),
      split: try keys["split"]?.string() ?? split, repeats: try keys["repeat"]?.integer(in: 1...10_000) ?? 1)
  }

  private static func input(_ node: ConfigurationNode?) throws(DatasetError) -> Input? {
    guard let node else { return nil }
    let keys = try node.mapping(known: ["size", "fit"])
    let size = try keys.required("size", "a size as HEIGHTxWIDTH").size(in: 1...8192)
    guard let fit = keys["fit"] else { return Input(size: size, fit: .cover) }
    guard let value = ImageFit(rawValue: try fit.string()) else { throw fit.wrong("cover or pad") }
    return Input(size: size, fit: value)
  }

  private static func normalization(_ node: ConfigurationNode?) throws(DatasetError) -> Normalization {
    guard let node else { return .imageNet }
    let keys = try node.mapping(known: ["mean", "deviation"])
    // One number for gray stands for all three.
    func three(_ name: String) throws(DatasetError) -> [Float] {
      let value = try keys.required(name, "one or three numbers")
      var numbers: [Float] = []
      for entry in try value.list() { numbers.append(try entry.float(in: -1e6...1e6)) }
      guard numbers.count == 3 || numbers.count == 1 else { throw value.wrong("one or three numbers") }
      return numbers.count == 3 ? numbers : [numbers[0], numbers[0], numbers[0]]
    }
    let deviation = try three("deviation")
    guard deviation.allSatisfy({ $0 > 0 }) else { throw node.wrong("deviations above 0") }
    return Normalization(mean: try three("mean"), deviation: deviation)
  }
}

extension String {
  /// This path as seen from where `folder` is.
  fileprivate func path(in folder: String) -> String {
    hasPrefix("/") || folder.isEmpty ? self : folder.appendingPath(self)
  }
}
