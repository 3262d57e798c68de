import Files

/// Paths, one for each line.
public enum PathList {
  /// The paths in the file at `path`, or in standard input when that is `-`.
  ///
  /// - Parameter endsWithNull: whether each ends with a null byte, as `find -print0` writes them, so that a name may have
  ///   line breaks.
  /// - Throws: `InferenceError.file`, `.notText` for bytes that are no UTF-8.
  public static func read(_ path: String, endsWithNull: Bool) throws(InferenceError) -> [String] {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = path == "-" ? try WholeFile.readStandardInput() : try WholeFile.readStream(path)
    } catch {
      throw .file(error)
    }
    return try parse(bytes, endsWithNull: endsWithNull, name: path == "-" ? "standard input" : path)
  }

  /// The paths of a list; empty lines are left out, and so is a carriage return before a line's end.
  static func parse(_ bytes: [UInt8], endsWithNull: Bool, name: String) throws(InferenceError) -> [String] {
    var paths: [String] = []
    for (index, part) in bytes.split(
      separator: endsWithNull ? 0 : UInt8(ascii: "\n"), omittingEmptySubsequences: false
    )
    .enumerated() {
      var line = part
      if !endsWithNull && line.last == UInt8(ascii: "\r") { line = line.dropLast() }
      if line.isEmpty { continue }
      guard let text = String(validating: line, as: UTF8.self), !text.utf8.contains(0) else {
        throw .notAPath(list: name, line: index + 1, endsWithNull: endsWithNull)
      }
      paths.append(text)
    }
    return paths
  }
}
