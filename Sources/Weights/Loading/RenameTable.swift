import TensorCore

/// Ordered rules that turn a foreign checkpoint's names into a model's.
public struct RenameTable: Sendable, Equatable {
  /// One rule; a name that it does not fit stays as it is.
  public enum Rule: Sendable, Equatable {
    /// Replaces the start of a name, such as `encoder.` by `backbone.`; the text is taken as it is.
    case prefix(String, with: String)
    /// Replaces whole dotted parts anywhere, such as `norm.1` by `norm1`.
    case parts(String, with: String)
  }

  /// The rules, each applied to what the one before it gave.
  public let rules: [Rule]

  /// A table of rules.
  public init(_ rules: [Rule]) { self.rules = rules }

  /// The parts that training frameworks put before every name.
  public static let wrappers = ["state_dict.", "module.", "model.", "net.", "_orig_mod."]

  /// Wrappers in one another that are taken off: a file of hostile names has no more.
  private static let wrapperLimit = 16

  /// The table that strips from `names` each wrapper that all of them carry, of up to 16 in one another.
  public static func unwrapping(_ names: some Collection<String>) -> RenameTable {
    var rules: [Rule] = []
    var rest = names.map { Substring($0) }
    while !rest.isEmpty, rules.count < wrapperLimit,
      let wrapper = wrappers.first(where: { wrapper in
        rest.allSatisfy { $0.hasPrefix(wrapper) && $0.count > wrapper.count }
      })
    {
      rules.append(.prefix(wrapper, with: ""))
      rest = rest.map { $0.dropFirst(wrapper.count) }
    }
    return RenameTable(rules)
  }

  /// DenseNet checkpoints of torchvision from before its modules could not have dots in their names
  /// (`norm.1`).
  public static let densenetWithDots = RenameTable([
    .parts("norm.1", with: "norm1"), .parts("norm.2", with: "norm2"),
    .parts("conv.1", with: "conv1"), .parts("conv.2", with: "conv2"),
  ])

  /// The name that the rules give.
  public func renamed(_ name: String) -> String {
    rules.reduce(name) { name, rule in
      switch rule {
      case .prefix(let old, let new):
        return name.hasPrefix(old) ? new + name.dropFirst(old.count) : name
      case .parts(let old, let new):
        return Self.replacing(old.split(separator: "."), with: new, in: name)
      }
    }
  }

  /// The tensors under their new names.
  ///
  /// - Throws: `WeightsError.renamedTwice` when two get the same name; `file` stands in its message.
  public func renamed(_ tensors: [String: Tensor], file: String) throws(WeightsError) -> [String: Tensor] {
    var result: [String: Tensor] = [:]
    var origin: [String: String] = [:]
    // In sorted order, so that a collision is always reported with the same names.
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      let renamed = renamed(name)
      if let first = origin.updateValue(name, forKey: renamed) {
        throw .renamedTwice(file: file, name: renamed, first: first, second: name)
      }
      result[renamed] = tensor
    }
    return result
  }

  private static func replacing(_ old: [Substring], with new: String, in name: String) -> String {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard !old.isEmpty, parts.count >= old.count else { return name }
    var result: [Substring] = []
    var index = 0
    while index < parts.count {
      if parts[index...].starts(with: old) {
        result.append(Substring(new))
        index += old.count
      } else {
        result.append(parts[index])
        index += 1
      }
    }
    return result.joined(separator: ".")
  }
}
