/// The values of a mapping whose keys were checked.
public struct ConfigurationMapping {
  /// The file's name as messages show it.
  public let file: String
  /// The dotted key of the mapping.
  public let key: String
  let values: [String: ConfigurationNode]

  /// The value of a key, if it is there.
  public subscript(_ name: String) -> ConfigurationNode? { values[name] }

  /// The value of a key that must be there; `expected` says in a message what it holds.
  public func required(_ name: String, _ expected: String) throws(DatasetError) -> ConfigurationNode {
    guard let value = values[name] else {
      throw .missingKey(file: file, key: key.isEmpty ? name : "\(key).\(name)", expected: expected)
    }
    return value
  }
}
