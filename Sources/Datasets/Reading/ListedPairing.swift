import Files
import Foundation

/// Pairs that a text file lists, one in each line. Empty lines and those that begin with `#` say nothing.
struct ListedPairing {
  let root: String
  /// Below the root.
  let list: String

  /// Bytes that a list may have.
  private static let limit = 1 << 28

  /// Lines with the paths of an image and its mask below the root, apart by a tab, a comma or blanks.
  func pairs() -> FilePairs {
    find("an image and its mask, apart by a blank") { line in
      for separator in ["\t", ","] as [Character] where line.contains(separator) {
        return line.split(separator: separator).map { String($0).trimmingCharacters(in: .whitespaces) }
      }
      return line.split(separator: " ").map(String.init)
    }
  }

  /// Lines with the stem of an image and its mask.
  func pairs(of split: DatasetDescription.FileSplit) -> FilePairs {
    let picture = { (folder: String, stem: String) in
      // Missing ones are looked for, and missed, under the usual name.
      let endings = folder == split.masks ? ["png"] : ["jpg", "jpeg", "png"]
      let names = endings.map { "\(folder)/\(stem).\($0)" }
      return names.first { FileManager.default.fileExists(atPath: "\(root)/\($0)") } ?? names[0]
    }
    return find("a stem") { line in
      line.contains(" ") ? [] : [picture(split.images, String(line)), picture(split.masks, String(line))]
    }
  }

  private func find(_ expected: String, _ paths: (Substring) -> [String]) -> FilePairs {
    var found = FilePairs()
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try WholeFile.read("\(root)/\(list)", limit: Self.limit)
    } catch {
      found.problems = [.file(error)]
      return found
    }
    var lines: [String: Int] = [:]
    let text = String(decoding: bytes, as: UTF8.self)
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      let content = line.trimmingCharacters(in: .whitespaces)
      guard !content.isEmpty, !content.hasPrefix("#") else { continue }
      let number = index + 1
      let names = paths(content[...])
      guard names.count == 2, !names.contains(where: \.isEmpty) else {
        found.problems.append(.format(.line(list: list, line: number, expected: expected, found: content)))
        continue
      }
      if let first = lines[names[0]] {
        found.problems.append(.format(.listedTwice(list: list, line: number, first: first, found: names[0])))
        continue
      }
      lines[names[0]] = number
      let missing = names.filter { !FileManager.default.fileExists(atPath: "\(root)/\($0)") }
      found.problems += missing.map { DatasetError.format(.listed(list: list, line: number, path: $0)) }
      if missing.isEmpty { found.pairs.append(FilePair(image: names[0], mask: .file(names[1]))) }
    }
    return found
  }
}
