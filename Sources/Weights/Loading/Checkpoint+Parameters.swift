import TensorCore

/// Parameters of a network, out of a checkpoint.
public struct LoadedParameters: Sendable {
  /// The parameters by the network's names.
  public let tensors: [String: Tensor]
  /// What a user should know of how they were found, a sentence each.
  public let remarks: [String]
}

extension Checkpoint {
  /// How the names of parts start that only training needs; files of other programs hold them beside what inference
  /// needs: torchvision's and segmentation_models.pytorch's auxiliary heads; and those of `unet`.
  static let auxiliaryHeads = [
    "aux1.", "aux2.", "aux_classifier.", "classification_head.", "deep_supervision.",
  ]
  /// Names under which training programs keep an image's normalisation beside a wrapped network.
  private static let statistics: Set<String> = ["mean", "std"]

  /// The tensors without the wrappers of training programs, and without what lay beside the wrapped network.
  func unwrapped(file: String) throws(WeightsError) -> [String: Tensor] {
    let inner = parameters.filter { !Self.statistics.contains($0.key) }
    let table = RenameTable.unwrapping(inner.keys)
    // Without a wrapper such names would be a model's own.
    return table.rules.isEmpty ? parameters : try table.renamed(inner, file: file)
  }

  /// The parameters of a network: none missing, none of another shape, and none left over but auxiliary heads.
  ///
  /// Wrappers such as `module.` are taken off, and old names of torchvision's (`RenameTable.densenetWithDots`) become
  /// the new ones where the network has these.
  ///
  /// - Parameters:
  ///   - optional: names that may be missing.
  ///   - file: what messages call the file.
  ///   - model: what messages call the network.
  /// - Throws: `WeightsError.parametersDiffer`.
  public func parameters(
    for wanted: [ParameterMatch.Wanted], optional: Set<String> = [], file: String, model: String
  ) throws(WeightsError) -> LoadedParameters {
    let names = Set(wanted.map(\.name))
    var tensors: [String: Tensor] = [:]
    var origins: [String: String] = [:]
    var auxiliary: [String] = []
    for (name, tensor) in try unwrapped(file: file).sorted(by: { $0.key < $1.key }) {
      let renamed = RenameTable.densenetWithDots.renamed(name)
      let known = !names.contains(name) && names.contains(renamed) ? renamed : name
      if !names.contains(known), Self.auxiliaryHeads.contains(where: known.hasPrefix) {
        auxiliary.append(known)
        continue
      }
      if let first = origins.updateValue(name, forKey: known) {
        throw .renamedTwice(file: file, name: known, first: first, second: name)
      }
      tensors[known] = tensor
    }
    let absent = optional.filter { tensors[$0] == nil }.sorted()
    let matched = try ParameterMatch.strict(
      wanted.filter { !absent.contains($0.name) }, in: tensors, file: file, model: model)
    var remarks: [String] = []
    if !auxiliary.isEmpty { remarks.append("left out \(some(auxiliary)), heads that \(model) has not") }
    if !absent.isEmpty { remarks.append("has no \(some(absent)); only training needs them") }
    return LoadedParameters(tensors: matched, remarks: remarks)
  }
}
