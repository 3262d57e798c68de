import Datasets
import Yams

extension ConfigurationNode {
  /// This value with the one at a dotted key replaced or added, as `--set optimiser.rate=0.01` asks.
  ///
  /// - Throws: `DatasetError.wrongValue` when the text is no pair, or a part of the key is no mapping.
  func overridden(by pair: String) throws(DatasetError) -> ConfigurationNode {
    guard let split = pair.firstIndex(of: "="), split != pair.startIndex else {
      throw .wrongValue(file: "--set", key: pair, expected: "key=value", found: "'\(pair)'")
    }
    let path = pair[..<split].split(separator: ".").map(String.init)
    let value = try Self.parse(String(pair[pair.index(after: split)...]), file: "--set \(pair)").node
    return ConfigurationNode(file: file, key: key, node: try Self.replacing(node, path[...], value, pair))
  }

  private static func replacing(
    _ node: Node, _ path: ArraySlice<String>, _ value: Node, _ pair: String
  ) throws(DatasetError) -> Node {
    guard let first = path.first else { return value }
    guard case .mapping(var mapping) = node else {
      throw .wrongValue(file: "--set", key: pair, expected: "keys that the recipe has", found: "'\(first)'")
    }
    let key = Node(first)
    mapping[key] = try replacing(
      mapping[key] ?? .mapping(Node.Mapping([])), path.dropFirst(), value, pair)
    return .mapping(mapping)
  }
}
