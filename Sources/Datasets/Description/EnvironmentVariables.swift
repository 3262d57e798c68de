/// Environment variables in a path.
enum EnvironmentVariables {
  /// The path with `$NAME` and `${NAME}` replaced; `nil` when a variable is not set or empty.
  static func expand(_ path: String, _ environment: [String: String]) -> String? {
    var result = ""
    var rest = path[...]
    while let dollar = rest.firstIndex(of: "$") {
      result += rest[..<dollar]
      rest = rest[rest.index(after: dollar)...]
      let braced = rest.first == "{"
      if braced { rest = rest.dropFirst() }
      let name = rest.prefix { $0 == "_" || ($0.isASCII && ($0.isLetter || $0.isNumber)) }
      rest = rest[name.endIndex...]
      if braced {
        guard rest.first == "}" else { return nil }
        rest = rest.dropFirst()
      }
      guard let value = environment[String(name)], !value.isEmpty else { return nil }
      result += value
    }
    return result + rest
  }
}
