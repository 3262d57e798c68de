import Layers
import TensorCore

extension Graph {
  /// Multiply-accumulates of each node in one forward run.
  public func macs(_ shapes: [String: Shape] = [:]) throws(GraphError) -> [Int] {
    let inferred = try inferShapes(shapes)
    return nodes.map { node in node.operation.macs(for: node.inputs.map { inferred[$0] }) }
  }
}
