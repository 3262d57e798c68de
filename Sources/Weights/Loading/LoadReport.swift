import TensorCore

/// How the tensors of a file compare with the parameters of a model.
public struct LoadReport: Sendable, Equatable {
  /// A parameter whose shape differs.
  public struct WrongShape: Sendable, Equatable {
    /// The parameter.
    public let name: String
    /// The model's shape.
    public let expected: Shape
    /// The file's shape.
    public let found: Shape

    /// A parameter whose shape differs.
    public init(name: String, expected: Shape, found: Shape) {
      self.name = name
      self.expected = expected
      self.found = found
    }
  }

  /// Parameters found with their shape, in the model's order.
  public let loaded: [String]
  /// Parameters that the file lacks, in the model's order.
  public let missing: [String]
  /// Tensors that the model lacks, sorted.
  public let unexpected: [String]
  /// Parameters of another shape, in the model's order.
  public let wrongShape: [WrongShape]

  /// The number of the model's parameters.
  public var wanted: Int { loaded.count + missing.count + wrongShape.count }

  /// Whether the file holds the model's parameters and nothing else.
  public var isComplete: Bool { missing.isEmpty && unexpected.isEmpty && wrongShape.isEmpty }

  /// `12 missing (a, b, c, …), 3 unexpected (…), 1 of another shape (…)`; `no difference` without any.
  public var differences: String {
    let shapes = wrongShape.map {
      "\(shown($0.name)): expected \($0.expected), found \($0.found)"
    }
    let parts = [("missing", missing), ("unexpected", unexpected)]
      .filter { !$0.1.isEmpty }
      .map { "\($0.1.count) \($0.0) (\(some($0.1)))" }
    let shapePart =
      shapes.isEmpty
      ? []
      : [
        "\(shapes.count) of another shape (\(shapes.prefix(3).joined(separator: "; "))"
          + (shapes.count > 3 ? "; …)" : ")")
      ]
    let all = parts + shapePart
    return all.isEmpty ? "no difference" : all.joined(separator: ", ")
  }
}
