extension Recipe {
  /// Everything that must be the same for a training to go on as if it had not stopped, a line each.
  var identity: String {
    let arguments = arguments.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    let parts = data.map { "\(fromHere($0.dataset)) \($0.split) ×\($0.repeats)" }
    let lines: [(String, Any)] = [
      ("name", name), ("model", ([model] + arguments).joined(separator: " ")), ("data", parts),
      ("validation", validation.map { "\(fromHere($0.dataset)) \($0.split)" } ?? "none"),
      ("input", input.map { "\($0.size) \($0.fit)" } ?? "none"), ("normalization", normalization),
      ("augment", augmentation), ("batch", batch), ("epochs", epochs), ("stages", stages),
      ("seed", seed), ("batch_norm", batchNormMomentum), ("optimiser", optimiser), ("rate", rate),
      ("decay", decay), ("schedule", schedule),
      ("warmup", warmup), ("loss", losses),
      ("accumulate", loop.accumulation), ("clip", loop.clip.map { "\($0)" } ?? "none"),
      ("average", loop.average.map { "\($0)" } ?? "none"),
      ("folds", loop.fold.map { "\($0.index) of \($0.count), seed \($0.seed)" } ?? "none"),
    ]
    return lines.map { "\($0.0)=\($0.1)" }.joined(separator: "\n")
  }

  /// The path as the recipe has it, from its own folder: how its file was named does not matter.
  private func fromHere(_ path: String) -> String {
    !folder.isEmpty && path.hasPrefix("\(folder)/") ? String(path.dropFirst(folder.count + 1)) : path
  }
}
