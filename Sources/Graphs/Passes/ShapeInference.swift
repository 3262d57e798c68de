import Layers
import TensorCore

extension Graph {
  /// The shapes of every node's outputs, given those of the inputs by name.
  ///
  /// An input that `shapes` does not name keeps its nominal shape.
  ///
  /// - Throws: `GraphError.layer` with the node that does not take what it gets, and `.inputShape` for an input
  ///   of other channels than the network's.
  public func inferShapes(_ shapes: [String: Shape] = [:]) throws(GraphError) -> [[Shape]] {
    var inferred: [[Shape]] = []
    for node in nodes {
      if let input = node.operation as? Input {
        let shape = shapes[node.name] ?? input.nominal
        guard shape.rank == 4, shape.channels == input.nominal.channels, shape.count > 0 else {
          throw .inputShape(
            name: node.name, expected: "[N, H, W, \(input.nominal.channels)]", found: shape)
        }
        inferred.append([shape])
        continue
      }
      do throws(LayerError) {
        inferred.append(try node.operation.outputShapes(for: node.inputs.map { inferred[$0] }))
      } catch {
        throw .layer(node: node.name, error)
      }
    }
    return inferred
  }
}

extension [[Shape]] {
  /// The shape of a value, from those of all nodes.
  public subscript(value: Graph.Value) -> Shape { self[value.node][value.output] }
}
