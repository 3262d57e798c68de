import Files
import Foundation
import Yams

/// Writes a label map into a description and leaves the rest of the file, with its comments, as it is.
public enum LabelMapWriter {
  /// Adds the entries of `proposal` to the file at `path`, whole or not at all.
  ///
  /// - Throws: `DatasetError` when the file cannot be read or written, or is written in a way that a map cannot be
  ///   added to.
  public static func write(_ proposal: LabelMapProposal, to path: String) throws(DatasetError) {
    let text: String
    do throws(FileError) {
      text = String(decoding: try WholeFile.read(path, limit: 4 << 20), as: UTF8.self)
    } catch {
      throw .file(error)
    }
    let file = path.fileName
    let changed = insert(proposal, into: text)
    // A map that was put into the wrong place is never written.
    guard try isExtended(text, changed, by: proposal, file: file) else {
      throw .cannotInsert(file: file, line: proposal.line)
    }
    do throws(FileError) {
      try DurableFile.write(Array(changed.utf8), to: path)
    } catch {
      throw .file(error)
    }
  }

  /// The text with the entries under `labels:`, or with a line of its own before `splits:`.
  static func insert(_ proposal: LabelMapProposal, into text: String) -> String {
    // By scalars, because "\r\n" is one character, which would stay at the end of its line.
    var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let end = lines.first?.hasSuffix("\r") == true ? "\r" : ""
    let flow = proposal.entries.map { "\($0.key): \($0.meaning)" }.joined(separator: ", ")
    if let index = lines.firstIndex(where: { $0.hasPrefix("labels:") }) {
      let line = lines[index]
      if let brace = line.firstIndex(of: "{") {
        let rest = line[line.index(after: brace)...]
        let isEmpty = rest.drop { $0 == " " }.hasPrefix("}")
        lines[index] = line[...brace] + flow + (isEmpty ? "" : ", ") + rest
      } else {
        let next = lines[(index + 1)...].first { line in
          let content = line.drop { $0 == " " || $0 == "\r" }
          return !content.isEmpty && !content.hasPrefix("#")
        }
        let indent = String((next ?? "  ").prefix { $0 == " " })
        lines.insert(
          contentsOf: proposal.entries.map { "\(indent)\($0.key): \($0.meaning)\(end)" }, at: index + 1)
      }
    } else if let index = lines.firstIndex(where: { $0.hasPrefix("splits:") }) {
      lines.insert(proposal.line + end, at: index)
    } else if let index = lines.firstIndex(where: { $0.hasPrefix("{") }) {
      // The whole description is one mapping in braces, which may have a map already.
      let line = lines[index]
      lines[index] = "{\(proposal.line), " + line.dropFirst()
    }
    return lines.joined(separator: "\n")
  }

  /// Whether `changed` says what `text` says and the entries, and nothing else.
  private static func isExtended(
    _ text: String, _ changed: String, by proposal: LabelMapProposal, file: String
  ) throws(DatasetError) -> Bool {
    let old = try ConfigurationNode.parse(text, file: file).pairs()
    guard let new = try? ConfigurationNode.parse(changed, file: file).pairs() else { return false }
    func others(_ pairs: [(name: String, value: ConfigurationNode)]) -> [String: Node] {
      var nodes: [String: Node] = [:]
      for pair in pairs where pair.name != "labels" { nodes[pair.name] = pair.value.node }
      return nodes
    }
    func labels(_ pairs: [(name: String, value: ConfigurationNode)]) -> [String: String] {
      var labels: [String: String] = [:]
      let node = pairs.first { $0.name == "labels" }?.value
      for (name, value) in (try? node?.pairs()) ?? [] { labels[name] = try? value.string() }
      return labels
    }
    var expected = labels(old)
    for entry in proposal.entries {
      expected[entry.key.trimmingCharacters(in: ["\""])] = entry.meaning
    }
    return others(old) == others(new) && labels(new) == expected
  }
}
