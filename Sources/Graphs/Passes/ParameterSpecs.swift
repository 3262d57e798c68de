import Layers
import TensorCore

/// A parameter of a graph under its full dotted name.
public struct NamedParameter: Sendable, Equatable {
  /// Such as `inc.double_conv.0.weight`.
  public let name: String
  /// Shape, start and role.
  public let spec: ParameterSpec
}

extension Graph {
  /// Every parameter that the graph reads, in the order of its nodes.
  public func parameterSpecs() throws(GraphError) -> [NamedParameter] {
    let shapes = try inferShapes()
    return nodes.flatMap { node in
      node.operation.parameterSpecs(for: node.inputs.map { shapes[$0] }).map {
        NamedParameter(name: "\(node.name).\($0.name)", spec: $0)
      }
    }
  }

  /// Fresh parameters; each depends on the seed and its own name alone, so that a network with one layer more
  /// starts the others alike.
  ///
  /// - Throws: `GraphError.memory` when they need more than `budget`.
  public func initialParameters(
    seed: UInt64, budget: MemoryBudget = .standard
  ) throws(GraphError) -> [String: Tensor] {
    let specs = try parameterSpecs()
    let count = specs.reduce(0) { $0 + $1.spec.shape.count }
    do throws(MemoryError) {
      try budget.check(count * MemoryLayout<Float>.stride, for: "the network's parameters")
    } catch {
      throw .memory(error)
    }
    var parameters: [String: Tensor] = [:]
    for parameter in specs {
      var stream = RandomStream(keys: seed, FNV1a(parameter.name).value)
      parameters[parameter.name] = parameter.spec.initializer.tensor(parameter.spec.shape, from: &stream)
    }
    return parameters
  }
}
