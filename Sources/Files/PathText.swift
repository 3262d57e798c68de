import Foundation

/// The parts of a path, found byte by byte: a slash is one whatever letter follows it, and every text has parts.
extension String {
  /// The folder that a path lies in: `a/b` of `a/b/c.png`, empty for a name alone, `/` for what lies at the top.
  public var parentFolder: String {
    let path = withoutEndingSlashes
    guard let slash = path.lastIndex(of: Self.slash) else { return "" }
    let folder = String(Substring(path[..<slash])).withoutEndingSlashes
    return folder.isEmpty ? "/" : String(Substring(folder))
  }

  /// The last name of a path: `c.png` of `a/b/c.png`, and `b` of `a/b/`; empty for `/`.
  public var fileName: String {
    let path = withoutEndingSlashes
    guard let slash = path.lastIndex(of: Self.slash) else { return String(Substring(path)) }
    return String(Substring(path[path.index(after: slash)...]))
  }

  /// What follows the last dot of the last name, in its own letters; empty where there is no dot but a leading one.
  public var fileExtension: String {
    let name = fileName
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot > name.startIndex else { return "" }
    return String(name[name.utf8.index(after: dot)...])
  }

  /// The path without the last name's extension and its dot.
  public var withoutFileExtension: String {
    let ending = fileExtension
    guard !ending.isEmpty else { return self }
    return String(Substring(withoutEndingSlashes.dropLast(ending.utf8.count + 1)))
  }

  /// The path of something below this folder; of an empty text, what was given.
  public func appendingPath(_ path: String) -> String {
    if isEmpty { return path }
    return utf8.last == Self.slash ? self + path : "\(self)/\(path)"
  }

  /// The path from the top, without `.`, `..` and empty names, links left as they are; a relative one is taken from the
  /// current folder.
  public var absolutePath: String {
    let path = utf8.first == Self.slash ? self : FileManager.default.currentDirectoryPath.appendingPath(self)
    var names: [Substring.UTF8View] = []
    for name in path[...].utf8.split(separator: Self.slash) where !name.elementsEqual(".".utf8) {
      if name.elementsEqual("..".utf8) { _ = names.popLast() } else { names.append(name) }
    }
    return "/" + names.map { String(Substring($0)) }.joined(separator: "/")
  }

  /// The path from the top with all links followed; `nil` where nothing lies there.
  public var realPath: String? {
    guard let resolved = realpath(self, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// The one path from the top of the file or link of this name, however it is spelt: links are followed but for the
  /// last name, also where no such file lies yet.
  public var placePath: String {
    let name = fileName
    guard !name.isEmpty, name != ".", name != ".." else { return realPath ?? absolutePath }
    let folder = parentFolder
    return (((folder.isEmpty ? "." : folder).realPath) ?? folder.absolutePath).appendingPath(name)
  }

  /// Whether both name one file, that lies there or would lie there: spelt in two ways, by links, or twice in a folder.
  public func isSameFile(as other: String) -> Bool {
    if placePath == other.placePath { return true }
    let identity = FileIdentity(self)
    return identity != nil && identity == FileIdentity(other)
  }

  private static var slash: UInt8 { UInt8(ascii: "/") }

  private var withoutEndingSlashes: Substring.UTF8View {
    var path = self[...].utf8
    while path.last == Self.slash { path = path.dropLast() }
    return path
  }
}
