import Files
import Foundation
import Yams

/// A value in a YAML file that knows its place, so that every complaint about it can name the key.
///
/// Reading is strict: a mapping lists the keys that it knows and refuses the others. Recipes of other modules are
/// read through it too.
public struct ConfigurationNode {
  /// The file's name as messages show it.
  public let file: String
  /// The dotted key of this value, `splits.train.images`; empty for the whole file.
  public let key: String
  /// The value.
  public let node: Node

  /// A value at a place.
  public init(file: String, key: String, node: Node) {
    self.file = file
    self.key = key
    self.node = node
  }

  /// The content of a YAML file of at most 4 MiB; messages name it by the last part of its path.
  ///
  /// - Throws: `DatasetError` when it cannot be read, is not UTF-8 or not YAML.
  public static func read(_ path: String) throws(DatasetError) -> ConfigurationNode {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try WholeFile.read(path, limit: 4 << 20)
    } catch {
      throw .file(error)
    }
    let name = path.fileName
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .notYAML(file: name, line: nil, problem: "bytes that are not UTF-8")
    }
    return try parse(text, file: name)
  }

  /// The content of a YAML text; `file` is what messages call it.
  ///
  /// - Throws: `DatasetError` for a text that is not YAML, or has aliases.
  public static func parse(_ text: String, file: String) throws(DatasetError) -> ConfigurationNode {
    if let alias = AliasSearch.first(in: text) {
      throw .alias(file: file, line: alias.line, name: alias.name)
    }
    do {
      guard let node = try Yams.compose(yaml: text) else {
        throw DatasetError.notYAML(file: file, line: nil, problem: "nothing")
      }
      return ConfigurationNode(file: file, key: "", node: node)
    } catch let error as DatasetError {
      throw error
    } catch let error as YamlError {
      throw problem(error, file: file)
    } catch {
      throw .notYAML(file: file, line: nil, problem: "an unreadable text")
    }
  }

  private static func problem(_ error: YamlError, file: String) -> DatasetError {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      .notYAML(file: file, line: mark.line, problem: problem)
    case .duplicatedKeysInMapping(let duplicates, let context):
      .notYAML(
        file: file, line: context.mark.line,
        problem: "the key \(duplicates.sorted().joined(separator: ", ")) twice")
    case .reader(let problem, _, _, _):
      .notYAML(file: file, line: nil, problem: problem)
    default:
      .notYAML(file: file, line: nil, problem: "an unreadable text")
    }
  }

  /// The error that this value is not what was `expected`.
  public func wrong(_ expected: String) -> DatasetError {
    let found =
      switch node {
      case .scalar(let scalar): "'\(scalar.string)'"
      case .mapping: "a mapping"
      case .sequence: "a list"
      case .alias: "an alias"
      }
    return .wrongValue(file: file, key: key.isEmpty ? "the top" : key, expected: expected, found: found)
  }

  /// The value of a key of this place.
  private func child(_ name: String, _ node: Node) -> ConfigurationNode {
    ConfigurationNode(file: file, key: key.isEmpty ? name : "\(key).\(name)", node: node)
  }

  /// The pairs of a mapping in the order of the file, whatever the keys.
  public func pairs() throws(DatasetError) -> [(name: String, value: ConfigurationNode)] {
    guard case .mapping(let mapping) = node else { throw wrong("a mapping") }
    var pairs: [(name: String, value: ConfigurationNode)] = []
    for (name, value) in mapping {
      guard case .scalar(let scalar) = name else { throw wrong("plain keys") }
      pairs.append((scalar.string, child(scalar.string, value)))
    }
    return pairs
  }

  /// The values of a mapping whose keys are all `known`.
  public func mapping(known: [String]) throws(DatasetError) -> ConfigurationMapping {
    var values: [String: ConfigurationNode] = [:]
    for (name, value) in try pairs() {
      guard known.contains(name) else {
        throw .unknownKey(file: file, key: value.key, known: known)
      }
      values[name] = value
    }
    return ConfigurationMapping(file: file, key: key, values: values)
  }

  /// The values of a list; their keys are `key[0]`, `key[1]` and so on.
  public func list() throws(DatasetError) -> [ConfigurationNode] {
    guard case .sequence(let sequence) = node else { throw wrong("a list") }
    return sequence.enumerated().map {
      ConfigurationNode(file: file, key: "\(key)[\($0.offset)]", node: $0.element)
    }
  }

  /// The values of a list, or this value alone when it is not a list.
  public func oneOrList() throws(DatasetError) -> [ConfigurationNode] {
    if case .sequence = node { return try list() }
    return [self]
  }

  /// A text that is not empty.
  public func string() throws(DatasetError) -> String {
    guard case .scalar(let scalar) = node, !scalar.string.isEmpty else { throw wrong("a text") }
    return scalar.string
  }

  /// A whole number within `range`.
  public func integer(in range: ClosedRange<Int>) throws(DatasetError) -> Int {
    guard case .scalar(let scalar) = node, let value = Int(scalar.string), range.contains(value) else {
      throw wrong("a whole number in \(range.lowerBound)…\(range.upperBound)")
    }
    return value
  }

  /// A finite number.
  public func number() throws(DatasetError) -> Double {
    guard case .scalar(let scalar) = node, let value = Double(scalar.string), value.isFinite else {
      throw wrong("a number")
    }
    return value
  }

  /// `true` or `false`.
  public func boolean() throws(DatasetError) -> Bool {
    guard case .scalar(let scalar) = node, let value = Bool(scalar.string) else {
      throw wrong("true or false")
    }
    return value
  }

  /// A seed: a whole number of 64 bits without a sign.
  public func seed() throws(DatasetError) -> UInt64 {
    guard case .scalar(let scalar) = node, let value = UInt64(scalar.string) else {
      throw wrong("a whole number of at least 0")
    }
    return value
  }

  /// A size written `HxW` (`360x480` is 360 high and 480 wide), both in `range` pixels.
  public func size(in range: ClosedRange<Int>) throws(DatasetError) -> PixelSize {
    let parts = try string().split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let height = parts[0], let width = parts[1],
      range.contains(height), range.contains(width)
    else {
      throw wrong("a size as HEIGHTxWIDTH, both in \(range.lowerBound)…\(range.upperBound),")
    }
    return PixelSize(width: width, height: height)
  }
}
