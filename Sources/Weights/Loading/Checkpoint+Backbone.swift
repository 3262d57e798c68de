import Graphs
import TensorCore

extension Checkpoint {
  /// The parameters of a network that a classifier's checkpoint gives, by the network's names, and a sentence on what
  /// stays fresh.
  ///
  /// A checkpoint of the network itself, with other classes, gives them too.
  ///
  /// - Parameters:
  ///   - wanted: all parameters of the network.
  ///   - file: what messages call the file.
  ///   - model: what messages call the network.
  /// - Throws: `WeightsError.backboneDiffers` unless the file holds the whole backbone and nothing else but a head.
  public func backbone(
    for wanted: [ParameterMatch.Wanted], by transfer: BackboneTransfer, file: String, model: String
  ) throws(WeightsError) -> LoadedParameters {
    var tensors = transfer.unfolding(transfer.folding(try unwrapped(file: file)))
    var loaded: [String: Tensor] = [:]
    var (names, missing, fresh) = ([String](), [String](), [String]())
    var wrongShape: [LoadReport.WrongShape] = []
    let oldNames = Dictionary(tensors.keys.sorted().map { (RenameTable.densenetWithDots.renamed($0), $0) }) {
      first, _ in first
    }
    for (name, shape) in wanted where !ParameterMatch.isIgnored(name) {
      guard !transfer.fresh.contains(where: name.hasPrefix) else {
        fresh.append(name)
        continue
      }
      let own = name.hasPrefix(transfer.prefix) ? String(name.dropFirst(transfer.prefix.count)) : name
      guard let found = [name, own, oldNames[own]].compactMap(\.self).first(where: { tensors[$0] != nil }),
        let tensor = tensors.removeValue(forKey: found)
      else {
        missing.append(name)
        continue
      }
      let isReshaped =
        transfer.reshaped.contains(name) && tensor.count == shape.count
        && tensor.shape.extents.first == shape.extents.first
      guard tensor.shape == shape || isReshaped else {
        wrongShape.append(.init(name: name, expected: shape, found: tensor.shape))
        continue
      }
      loaded[name] = tensor.shape == shape ? tensor : tensor.reshaped(shape)
      names.append(name)
    }
    let rest = tensors.keys.sorted()
    let allowed = transfer.head + transfer.fresh + Self.auxiliaryHeads
    let report = LoadReport(
      loaded: names, missing: missing,
      unexpected: rest.filter { name in !allowed.contains(where: name.hasPrefix) }, wrongShape: wrongShape)
    guard report.isComplete, !names.isEmpty else {
      throw .backboneDiffers(file: file, model: model, report: report)
    }
    return LoadedParameters(
      tensors: loaded,
      remarks: [
        "loaded \(names.count) parameters of the backbone; \(fresh.count) stay fresh (\(some(fresh))), "
          + "left out \(rest.isEmpty ? "nothing" : "\(rest.count) (\(some(rest)))")"
      ])
  }
}
