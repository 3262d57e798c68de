import Graphs
import TensorCore

/// Batch norm taken into a convolution, and put behind one.
extension BackboneTransfer {
  /// What PyTorch adds to a variance.
  private static let epsilon = 1e-5

  /// The tensors with each convolution and its batch norm as one convolution, where that is how the file has them and
  /// the network has not.
  func folding(_ tensors: [String: Tensor]) -> [String: Tensor] {
    let layers = folded.map { layer in
      (
        layer,
        ["weight", "bias", "running_mean", "running_var"].compactMap { tensors["\(layer.norm).\($0)"] }
      )
    }
    guard !layers.isEmpty,
      layers.allSatisfy({ layer, norm in
        guard let weight = tensors["\(layer.convolution).weight"], weight.shape.rank == 4 else {
          return false
        }
        let bias = tensors["\(layer.convolution).bias"]
        let shape = Shape([weight.shape[0]])
        return norm.count == 4 && norm.allSatisfy { $0.shape == shape } && bias?.shape == shape
      })
    else { return tensors }
    let sources = layers.flatMap { ["\($0.0.convolution).", "\($0.0.norm)."] }
    var result = tensors.filter { name, _ in !sources.contains(where: name.hasPrefix) }
    for (layer, norm) in layers {
      guard let weight = tensors["\(layer.convolution).weight"],
        let bias = tensors["\(layer.convolution).bias"]
      else { continue }
      let values = norm.map(\.elements)
      let scales = zip(values[0], values[3]).map { Double($0) / (Double($1) + Self.epsilon).squareRoot() }
      let size = weight.count / max(1, scales.count)
      let weights = weight.elements.enumerated().map { Float(Double($1) * scales[$0 / size]) }
      let biases = bias.elements.enumerated().map { index, bias in
        Float((Double(bias) - Double(values[2][index])) * scales[index] + Double(values[1][index]))
      }
      result["\(layer.target).weight"] = Tensor(weights, shape: weight.shape)
      result["\(layer.target).bias"] = Tensor(biases, shape: bias.shape)
    }
    return result
  }

  /// The tensors with a batch norm that changes nothing behind each convolution, where the file has none and the network
  /// has.
  func unfolding(_ tensors: [String: Tensor]) -> [String: Tensor] {
    let isPlain = unfolded.allSatisfy { layer in
      guard let weight = tensors["\(layer.target).weight"], let bias = tensors["\(layer.target).bias"] else {
        return false
      }
      return weight.shape.rank == 4 && bias.shape == Shape([weight.shape[0]])
    }
    guard !unfolded.isEmpty, isPlain else { return tensors }
    let sources = unfolded.map { "\($0.target)." }
    var result = tensors.filter { name, _ in !sources.contains(where: name.hasPrefix) }
    for layer in unfolded {
      guard let weight = tensors["\(layer.target).weight"], let bias = tensors["\(layer.target).bias"] else {
        continue
      }
      result["\(layer.convolution).weight"] = weight
      result["\(layer.convolution).bias"] = bias
      for (name, value) in [
        ("weight", 1), ("bias", 0), ("running_mean", 0), ("running_var", Float(1 - Self.epsilon)),
      ] {
        result["\(layer.norm).\(name)"] = Tensor(repeating: value, shape: bias.shape)
      }
    }
    return result
  }
}
