import Foundation
import TensorCore
import Weights

/// Golden values of PyTorch, made by Tools/Golden.
enum Golden {
  static func file(_ name: String) throws -> SafetensorsFile {
    let folder = Bundle.module.resourceURL ?? Bundle.module.bundleURL
    return try SafetensorsReader.read(folder.appendingPathComponent("Golden/\(name).safetensors").path)
  }
}

extension SafetensorsFile {
  /// The tensors whose names start with `prefix`, without it.
  func tensors(_ prefix: String) throws -> [String: Tensor] {
    var tensors: [String: Tensor] = [:]
    for entry in entries where entry.name.hasPrefix(prefix) {
      tensors[String(entry.name.dropFirst(prefix.count))] = try tensor(entry.name)
    }
    return tensors
  }
}
