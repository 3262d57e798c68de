import Foundation

/// The pictures that a command line names, and where their results go.
public struct InputCollection: Sendable {
  /// A picture and the path of its results without the format's suffix.
  public struct Item: Sendable, Equatable {
    /// The picture's path.
    public let input: String
    /// The results' path up to the suffix.
    public let stem: String
    /// Why this is no picture, where that is known before it is read.
    public var problem: InputProblem?
  }

  /// The pictures in order; each only once.
  public let items: [Item]
  /// Where all results lie: the output folder, or the one folder of pictures; `nil` when they lie beside pictures of
  /// several folders.
  public let folder: String?

  /// The pictures that `paths` name: files as they are, folders with everything below them that is called `.png`,
  /// `.jpg` or `.jpeg`, whatever it is; results of earlier runs are left out. Links to folders are followed, and `output`
  /// is left out where it lies in one of the folders.
  ///
  /// Results lie beside their pictures, or in `output`, where the tree below a folder is kept, and of listed files the
  /// tree below the folder that they have in common. Two pictures never share a result: those of one stem keep their
  /// extension in it.
  ///
  /// - Parameter listed: files of a list.
  /// - Throws: `InferenceError.noImages` for a folder without pictures, `.emptyList` for no pictures at all.
  public init(
    _ paths: [String], listed: [String] = [], output: String?
  ) throws(InferenceError) {
    var found: [(input: String, relative: String, problem: InputProblem?)] = []
    var roots = 0
    for path in paths {
      guard Self.isFolder(path) else {
        found.append((path, (path as NSString).lastPathComponent, nil))
        continue
      }
      roots += 1
      let below = FolderWalk(path, except: output).findings
      if below.isEmpty { throw .noImages(folder: path) }
      found += below.map { finding in
        let input = (path as NSString).appendingPathComponent(finding.path.text)
        return (input, finding.path.text, finding.problem.map { .unreadableFolder(path: input, reason: $0) })
      }
    }
    found += zip(listed, Self.relative(listed)).map { ($0, $1, nil) }
    if found.isEmpty { throw .emptyList }
    var seen: Set<ExactPath> = []
    found = found.filter { seen.insert(ExactPath($0.input)).inserted }
    let stems = found.map { item in
      let place = output.map { ($0 as NSString).appendingPathComponent(item.relative) } ?? item.input
      return (place, (place as NSString).deletingPathExtension)
    }
    let counts = Dictionary(stems.map { (ExactPath($0.1), 1) }, uniquingKeysWith: +)
    var taken: Set<ExactPath> = []
    items = zip(found, stems).map { item, stem in
      let name = counts[ExactPath(stem.1)] == 1 ? stem.1 : stem.0
      var free = name
      // Files of one name from several folders, given one by one.
      var number = 2
      while !taken.insert(ExactPath(free)).inserted {
        free = "\(name)-\(number)"
        number += 1
      }
      return Item(input: item.input, stem: free, problem: item.problem)
    }
    folder = output ?? (roots == 1 && paths.count == 1 && listed.isEmpty ? paths[0] : nil)
  }

  /// Whether a folder lies at `path`.
  public static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }

  /// The files' paths from the folder on that all of them have in common; names alone where a path goes upwards.
  private static func relative(_ files: [String]) -> [String] {
    let parts = files.map { $0.split(separator: "/").filter { $0 != "." } }
    guard let first = parts.first, !parts.contains(where: { $0.contains("..") }) else {
      return files.map { ($0 as NSString).lastPathComponent }
    }
    var common = first.count - 1
    for part in parts {
      common = min(common, part.count - 1)
      while common > 0, !zip(part, first).prefix(common).allSatisfy({ $0.utf8.elementsEqual($1.utf8) }) {
        common -= 1
      }
    }
    return parts.map { $0.dropFirst(max(0, common)).joined(separator: "/") }
  }
}

/// Why something that was found is no picture.
public enum InputProblem: Sendable, Equatable {
  /// A folder whose files are not known.
  case unreadableFolder(path: String, reason: String)
}
