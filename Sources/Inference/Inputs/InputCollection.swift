import Files
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
  /// How many pictures of other formats the folders hold, by their endings.
  public let others: [String: Int]
  /// Files that were named, but are results of others that were named.
  public let results: [String]

  /// The pictures that `paths` name: files as they are, folders with everything below them that is called `.png`,
  /// `.jpg` or `.jpeg`, whatever it is; results of earlier runs are left out. Links to folders are followed.
  ///
  /// Results lie beside their pictures, or in `output`, where the tree below a folder is kept, and of listed files their
  /// path from `root` on; of one that does not lie below the current folder the whole path, if no root is given. So a
  /// listed picture's results have the same name in every list. Two pictures never share a result, however they are
  /// spelt: those of one stem keep their extension in it.
  ///
  /// Files are left out that bear the mark of this program, where `x.png` and `x.mask.png` are both named, as by `*.png`.
  ///
  /// - Parameters:
  ///   - listed: files of a list.
  ///   - unreadable: entries of the list that are no paths; each is a problem of its own.
  ///   - root: the folder in which listed files lie; the current one if `nil`.
  /// - Throws: `InferenceError.noImages` for a folder without pictures, `.emptyList` for no pictures at all,
  ///   `.outsideRoot` when no listed file lies below `root`; a single one is a problem of its own.
  public init(
    _ paths: [String], listed: [String] = [], unreadable: [String] = [], root: String? = nil, output: String?
  ) throws(InferenceError) {
    var found: [(input: String, relative: String, problem: InputProblem?)] = []
    var roots = 0
    var others: [String: Int] = [:]
    results = Self.results(among: paths)
    let omitted = Set(results)
    for path in paths where !omitted.contains(path) {
      guard Self.isFolder(path) else {
        found.append((path, path.fileName, nil))
        continue
      }
      roots += 1
      let walk = FolderWalk(path, output: output)
      others.merge(walk.others, uniquingKeysWith: +)
      if walk.findings.isEmpty { throw .noImages(folder: path, others: walk.others) }
      found += walk.findings.map { finding in
        let input = path.appendingPath(finding.path.text)
        return (input, finding.path.text, finding.problem.map { InputProblem($0, path: input) })
      }
    }
    self.others = others
    for path in listed {
      let relative = Self.relative(path, to: root)
      found.append(
        (path, relative ?? path.fileName, relative == nil ? .outsideRoot(path: path, root: root ?? ".") : nil)
      )
    }
    if let root, let path = listed.first, paths.isEmpty, found.allSatisfy({ $0.problem != nil }) {
      throw .input(.outsideRoot(path: path, root: root))
    }
    found += unreadable.map { ($0, $0.fileName, .name(path: $0)) }
    if found.isEmpty { throw .emptyList }
    var seen: Set<ExactPath> = []
    // Of the ways to a picture, the one without a link.
    let places = found.map { $0.problem == nil ? ExactPath(placeOf: $0.input) : ExactPath("\0" + $0.input) }
    let straight = Set(zip(found, places).filter { $0.input.absolutePath == $1.text }.map(\.1))
    found = zip(found, places).filter { item, place in
      (!straight.contains(place) || item.input.absolutePath == place.text) && seen.insert(place).inserted
    }.map(\.0)
    let stems = found.map { item in
      let place = output.map { $0.appendingPath(item.relative) } ?? item.input
      return (place, place.withoutFileExtension)
    }
    let counts = Dictionary(stems.map { (ExactPath(placeOf: $0.1), 1) }, uniquingKeysWith: +)
    var taken: Set<ExactPath> = []
    items = zip(found, stems).map { item, stem in
      let name = counts[ExactPath(placeOf: stem.1)] == 1 ? stem.1 : stem.0
      var free = name
      // Files of one name from several folders, given one by one.
      var number = 2
      while !taken.insert(ExactPath(placeOf: free)).inserted {
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

  /// The path of a listed file from a folder on, the current one if `root` is `nil`; `nil` for one that does not lie below
  /// `root`.
  private static func relative(_ path: String, to root: String?) -> String? {
    let (file, folder) = (path.absolutePath.utf8, (root ?? ".").absolutePath.appendingPath("").utf8)
    if file.starts(with: folder) && file.count > folder.count {
      return String(decoding: file.dropFirst(folder.count), as: UTF8.self)
    }
    // By other links to the same place.
    let (place, real) = (path.placePath.utf8, ((root ?? ".").realPath ?? "").appendingPath("").utf8)
    if !real.isEmpty && place.starts(with: real) && place.count > real.count {
      return String(decoding: place.dropFirst(real.count), as: UTF8.self)
    }
    return root == nil ? String(decoding: file.dropFirst(), as: UTF8.self) : nil
  }

  /// Those of some files that are results of others of them.
  private static func results(among paths: [String]) -> [String] {
    let places = Set(
      paths.map { ExactPath(placeOf: $0.withoutFileExtension) } + paths.map(ExactPath.init(placeOf:)))
    return paths.filter { path in
      ResultFormat.stems(ofResult: path).contains { places.contains(ExactPath(placeOf: $0)) }
        && ResultMark.isOn(path)
    }
  }
}

/// Why something that was found is no picture.
public enum InputProblem: Sendable, Equatable {
  /// A folder whose files are not known.
  case unreadableFolder(path: String, reason: String)
  /// A name of which no path can be made.
  case name(path: String)
  /// A listed picture that does not lie in the folder that its results' names are counted from.
  case outsideRoot(path: String, root: String)

  init(_ problem: FolderWalk.Problem, path: String) {
    switch problem {
    case .unreadable(let reason): self = .unreadableFolder(path: path, reason: reason)
    case .name: self = .name(path: path)
    }
  }
}
