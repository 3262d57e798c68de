import Layers
import TensorCore

/// What a plan would take, found without taking it.
public struct PlanMemory: Sendable, Equatable {
  /// Bytes of the arena: activations, gradients of activations, and scratch memory, those sharing a place that never
  /// live at once.
  public let arena: Int
  /// Bytes of the parameters that the graph reads.
  public let parameters: Int
  /// Bytes of the gradients of trained parameters; 0 in inference.
  public let gradients: Int
}

extension Graph {
  /// What a plan of this graph as it stands would take, with the scratch memory of one thread.
  ///
  /// - Parameters:
  ///   - inputs: shapes by name; an input that is not named keeps its nominal shape.
  ///   - frugal: whether algorithms are chosen by memory instead of speed.
  ///   - isFrozen: names of parameters that training leaves alone.
  /// - Throws: `GraphError` for shapes that the network does not take.
  public func planMemory(
    _ inputs: [String: Shape], mode: Mode, frugal: Bool = false, isFrozen: (String) -> Bool = { _ in false }
  ) throws(GraphError) -> PlanMemory {
    let shapes = try inferShapes(inputs)
    var (parameters, gradients) = (0, 0)
    var trained: Set<String> = []
    for node in nodes {
      for spec in node.operation.parameterSpecs(for: node.inputs.map { shapes[$0] }) {
        parameters += spec.shape.count
        guard mode == .training, spec.isTrained, !isFrozen("\(node.name).\(spec.name)") else { continue }
        gradients += spec.shape.count
        trained.insert(node.name)
      }
    }
    let blueprint = PlanBlueprint(
      self, shapes: shapes, mode: mode, threads: 1, frugal: frugal,
      isTrained: { trained.contains($0.name) })
    let element = MemoryLayout<Float>.stride
    return PlanMemory(
      arena: blueprint.layout.count * element, parameters: parameters * element,
      gradients: gradients * element)
  }
}
