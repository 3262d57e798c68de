extension Checkpoint {
  /// What parameters are called, by the last part of their names.
  private static let parameterNames: Set<String> = ["weight", "bias", "running_mean", "running_var"]

  /// The floating-point tensors of a PyTorch file; counters and other integers are left out, as `num_batches_tracked` is.
  ///
  /// - Throws: `WeightsError` for a parameter of integers.
  init(_ file: PyTorchFile) throws(WeightsError) {
    self.init(architecture: nil, parameters: [:])
    for entry in file.entries where !ParameterMatch.isIgnored(entry.name) {
      guard entry.type.isFloatingPoint else {
        let kind = entry.name.split(separator: ".").last.map(String.init) ?? ""
        if Self.parameterNames.contains(kind) {
          throw .pytorch(
            file: file.name,
            .tensor(
              name: entry.name, expected: "floating-point numbers in a parameter", found: entry.type.rawValue)
          )
        }
        continue
      }
      parameters[entry.name] = try file.tensor(entry.name)
    }
    if !file.path.isEmpty {
      let rest = file.leftOut.isEmpty ? "" : "; left out \(some(file.leftOut))"
      remarks.append("took the tensors of '\(file.path.map(shown).joined(separator: "."))'\(rest)")
    }
  }
}
