import Foundation

/// The pictures that a command line names, and where their results go.
public struct InputCollection: Sendable {
  /// A picture and the path of its results without the format's suffix.
  public struct Item: Sendable, Equatable {
    /// The picture's path.
    public let input: String
    /// The results' path up to the suffix.
    public let stem: String
  }

  /// The pictures in order.
  public let items: [Item]

  private static let extensions: Set<String> = ["png", "jpg", "jpeg"]

  /// The pictures that `paths` name: files as they are, folders with everything below them that is called `.png`,
  /// `.jpg` or `.jpeg`, results of earlier runs left out.
  ///
  /// Results lie beside their pictures, or in `output`, where the tree below a folder is kept. Two pictures never
  /// share a result: those of one stem keep their extension in it.
  ///
  /// - Throws: `InferenceError.noImages` for a folder without pictures.
  public init(_ paths: [String], output: String?) throws(InferenceError) {
    var found: [(input: String, relative: String)] = []
    for path in paths {
      guard Self.isFolder(path) else {
        found.append((path, (path as NSString).lastPathComponent))
        continue
      }
      let below = Self.pictures(in: path)
      if below.isEmpty { throw .noImages(folder: path) }
      found += below.map { ((path as NSString).appendingPathComponent($0), $0) }
    }
    let stems = found.map { item in
      let place = output.map { ($0 as NSString).appendingPathComponent(item.relative) } ?? item.input
      return (place, (place as NSString).deletingPathExtension)
    }
    let counts = Dictionary(stems.map { ($0.1, 1) }, uniquingKeysWith: +)
    var taken: [String: Int] = [:]
    items = zip(found, stems).map { item, stem in
      var name = counts[stem.1] == 1 ? stem.1 : stem.0
      // Files of one name from several folders, given one by one.
      let repeats = taken[name, default: 0]
      taken[name] = repeats + 1
      if repeats > 0 { name += "-\(repeats + 1)" }
      return Item(input: item.input, stem: name)
    }
  }

  /// Whether a folder lies at `path`.
  public static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }

  private static func pictures(in folder: String) -> [String] {
    let below = FileManager.default.enumerator(atPath: folder)
    var paths: [String] = []
    while let path = below?.nextObject() as? String {
      guard extensions.contains((path as NSString).pathExtension.lowercased()), !isResult(path, in: folder),
        !isFolder((folder as NSString).appendingPathComponent(path))
      else { continue }
      paths.append(path)
    }
    return paths.sorted()
  }

  /// Whether a file is called as a result of a picture that lies beside it.
  private static func isResult(_ path: String, in folder: String) -> Bool {
    let whole = (folder as NSString).appendingPathComponent(path)
    let heatMap =
      whole.hasSuffix(ClassHeatMap.suffix) ? [String(whole.dropLast(ClassHeatMap.suffix.count))] : []
    return (ResultFormat.stems(ofResult: whole) + heatMap).contains { stem in
      ([""] + extensions.flatMap { [".\($0)", ".\($0.uppercased())"] }).contains {
        FileManager.default.fileExists(atPath: stem + $0)
      }
    }
  }
}
