import TensorCore

/// Matching the tensors of a file with the parameters of a model, by name and shape.
public enum ParameterMatch {
  /// A parameter that a model has: its dotted name and PyTorch's shape.
  public typealias Wanted = (name: String, shape: Shape)

  /// The last part of a name that PyTorch's batch norm stores and nothing here reads.
  static let ignored = "num_batches_tracked"

  /// Whether a tensor takes no part in loading.
  static func isIgnored(_ name: String) -> Bool {
    name == ignored || name.hasSuffix("." + ignored)
  }

  /// Compares; `num_batches_tracked` counts on neither side.
  public static func report(_ wanted: [Wanted], in tensors: [String: Tensor]) -> LoadReport {
    var loaded: [String] = []
    var missing: [String] = []
    var wrongShape: [LoadReport.WrongShape] = []
    var names: Set<String> = []
    for parameter in wanted where !isIgnored(parameter.name) {
      names.insert(parameter.name)
      guard let found = tensors[parameter.name] else {
        missing.append(parameter.name)
        continue
      }
      if found.shape == parameter.shape {
        loaded.append(parameter.name)
      } else {
        wrongShape.append(.init(name: parameter.name, expected: parameter.shape, found: found.shape))
      }
    }
    let unexpected = tensors.keys.filter { !isIgnored($0) && !names.contains($0) }.sorted()
    return LoadReport(loaded: loaded, missing: missing, unexpected: unexpected, wrongShape: wrongShape)
  }

  /// The parameters of `model` out of the tensors of `file`, none missing, none left over, each of its shape.
  ///
  /// - Throws: `WeightsError.parametersDiffer` otherwise.
  public static func strict(
    _ wanted: [Wanted], in tensors: [String: Tensor], file: String, model: String
  ) throws(WeightsError) -> [String: Tensor] {
    let report = report(wanted, in: tensors)
    guard report.isComplete else {
      throw .parametersDiffer(file: file, model: model, report: report)
    }
    return tensors.filter { !isIgnored($0.key) }
  }
}
