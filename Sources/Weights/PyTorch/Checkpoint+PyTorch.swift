extension Checkpoint {
  /// The floating-point tensors of a PyTorch file; counters and other integers are left out.
  ///
  /// - Throws: `WeightsError` for a parameter of integers.
  init(_ file: PyTorchFile) throws(WeightsError) {
    let parameters = try file.tensors { entry throws(WeightsError) in
      try Self.isRead(entry.name, entry.type, file: file.name)
    }
    self.init(architecture: nil, parameters: parameters)
    if !file.path.isEmpty {
      let rest = file.leftOut.isEmpty ? "" : "; left out \(some(file.leftOut))"
      remarks.append("took the tensors of '\(file.path.map(shown).joined(separator: "."))'\(rest)")
    }
  }
}
