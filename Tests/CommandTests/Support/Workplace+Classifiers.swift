import Segmentation
import TensorCore
import Weights

extension Workplace {
  /// Weights of a perceptron on gray pictures of 8 × 8 for three classes, which say what they are.
  func classifier(_ name: String = "mlp.safetensors", isForeign: Bool = false) throws {
    let arguments = ["hidden1": "5", "hidden2": "4", "classes": "3"]
    let graph = try NetworkRegistry.graph("mlp", arguments: arguments, nominal: [1, 8, 8, 1])
    var checkpoint = Checkpoint(
      architecture: isForeign ? nil : "mlp", parameters: try graph.initialParameters(seed: 4))
    if !isForeign {
      checkpoint.arguments = arguments
      checkpoint.classes = ["cat", "dog", "bird"]
      checkpoint.trainingSize = .init(height: 8, width: 8)
    }
    try checkpoint.write(to: "\(path)/\(name)")
  }
}
