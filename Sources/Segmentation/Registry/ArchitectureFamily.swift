/// Architectures that one source describes and that take the same arguments: a network in its sizes.
public struct ArchitectureFamily: Sendable {
  /// The architectures, in the order of the registry.
  public let variants: [Architecture]

  /// What they tell about an image.
  public var task: Architecture.Task { variants[0].task }
  /// Who described them, and where.
  public var source: String { variants[0].source }

  /// Their arguments, each with the standard values that it has among them, from the least.
  public var arguments: [(name: String, help: String, standards: [Int])] {
    variants[0].parameters.enumerated().map { index, parameter in
      (parameter.name, parameter.help, Set(variants.map { $0.parameters[index].standard }).sorted())
    }
  }

  /// Whether another architecture belongs to them too.
  fileprivate func takes(_ other: Architecture) -> Bool {
    other.task == task && other.source == source
      && other.parameters.map(\.name) == variants[0].parameters.map(\.name)
  }
}

extension NetworkRegistry {
  /// All architectures, those of a family together.
  public static var families: [ArchitectureFamily] {
    var families: [ArchitectureFamily] = []
    for architecture in architectures {
      if let index = families.firstIndex(where: { $0.takes(architecture) }) {
        families[index] = ArchitectureFamily(variants: families[index].variants + [architecture])
      } else {
        families.append(ArchitectureFamily(variants: [architecture]))
      }
    }
    return families
  }
}
