import Files
import Foundation

/// What lies below a folder and is called as a picture, links to folders followed; hidden files and folders are left out.
///
/// Links lead to the same folders again, and among many of them there are endless ways: a link within a folder that a link
/// led to is followed only to where the walk has not been.
struct FolderWalk {
  /// Something that is called as a picture, or a folder that cannot be looked into.
  struct Finding {
    /// The path from the folder on.
    let path: ExactPath
    /// Why it is no picture, where that is known.
    let problem: Problem?
  }

  /// Why something is no picture.
  enum Problem {
    /// A folder that cannot be read, in the system's words.
    case unreadable(String)
    /// A name that is no UTF-8; the path shows its other bytes as `\\xNN`.
    case name
  }

  private static let extensions = ["png", "jpg", "jpeg"]
  /// Endings of pictures in formats that are not read.
  private static let otherExtensions: Set<String> = [
    "tif", "tiff", "bmp", "gif", "webp", "heic", "heif", "avif", "jfif", "jp2", "jxl", "ppm", "pgm", "pnm",
    "dng",
    "dcm",
  ]

  private let root: String
  private let output: FileIdentity?
  private(set) var findings: [Finding] = []
  /// How many files of other formats there are, by their endings.
  private(set) var others: [String: Int] = [:]
  /// Folders that the walk has been to.
  private var seen: Set<FileIdentity> = []
  /// Links to folders, for when the folders themselves are done, and the folders on the way.
  private var links: [(path: String, folders: [FileIdentity])] = []

  /// Walks `root`. Where results go, `output`, everything that is called as a result is one.
  init(_ root: String, output: String?) {
    self.root = root
    let own = FileIdentity(root)
    let other = output.flatMap { FileIdentity($0) }
    self.output = other == own ? nil : other
    walk("", within: own.map { [$0] } ?? [], isLinked: false)
    for link in links { walk(link.path, within: link.folders, isLinked: true) }
    findings.sort { $0.path < $1.path }
  }

  /// - Parameters:
  ///   - folders: the folders on the way, so that a link to one of them ends the walk.
  ///   - isLinked: whether a link is on the way.
  private mutating func walk(_ folder: String, within folders: [FileIdentity], isLinked: Bool) {
    if let last = folders.last { seen.insert(last) }
    guard let entries = Self.entries(of: folder.isEmpty ? root : "\(root)/\(folder)") else {
      let reason = String(cString: strerror(errno)).lowercased()
      findings.append(Finding(path: ExactPath(folder), problem: .unreadable(reason)))
      return
    }
    let isOutput = output.map(folders.contains) == true
    let all = Set(entries.map { ExactPath($0.name) })
    for entry in entries.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
      let name = entry.name
      let path = folder.isEmpty ? name : "\(folder)/\(name)"
      var status = stat()
      let isFolder =
        entry.isText
        ? stat("\(root)/\(path)", &status) == 0 && status.st_mode & S_IFMT == S_IFDIR : entry.isFolder
      let isPicture = Self.extensions.contains(name.fileExtension.lowercased())
      guard entry.isText else {
        if isPicture || isFolder { findings.append(Finding(path: ExactPath(path), problem: .name)) }
        continue
      }
      // A folder with a picture's name is told, and looked into: nothing that somebody gave is passed over in silence.
      if isPicture && !Self.isResult(name, among: isOutput ? nil : all)
        && !(Self.isNumberedResult(name, among: all) && ResultMark.isOn("\(root)/\(path)"))
      {
        findings.append(Finding(path: ExactPath(path), problem: nil))
      }
      let ending = name.fileExtension.lowercased()
      if !isFolder && Self.otherExtensions.contains(ending) { others[ending, default: 0] += 1 }
      guard isFolder else { continue }
      let identity = FileIdentity(status)
      if folders.contains(identity) { continue }
      let isLink = lstat("\(root)/\(path)", &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
      if isLink && !isLinked {
        links.append((path, folders + [identity]))
      } else if !isLink || !seen.contains(identity) {
        walk(path, within: folders + [identity], isLinked: isLinked)
      }
    }
  }

  /// Something in a folder.
  private struct Entry {
    /// Its name; bytes that are no UTF-8 as `\\xNN`.
    let name: String
    /// Whether the name is UTF-8, without which no path can be made of it.
    let isText: Bool
    /// Whether it is known to be a folder.
    let isFolder: Bool

    init(_ bytes: [UInt8], isFolder: Bool) {
      self.isFolder = isFolder
      if let text = String(validating: bytes, as: UTF8.self) {
        (name, isText) = (text, true)
        return
      }
      isText = false
      name = ShownName.text(bytes)
    }
  }

  /// What lies in a folder; `nil`, with `errno` set, when it cannot be read.
  private static func entries(of folder: String) -> [Entry]? {
    guard let stream = opendir(folder) else { return nil }
    defer { closedir(stream) }
    var entries: [Entry] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      // Hidden, as what other programs keep beside pictures; among them the folder itself and the one above.
      if name.first == UInt8(ascii: ".") { continue }
      entries.append(Entry(name, isFolder: Int(entry.pointee.d_type) == Int(DT_DIR)))
    }
    return entries
  }

  /// Whether a file is called as a result of a picture whose name another picture's results had already.
  private static func isNumberedResult(_ name: String, among names: Set<ExactPath>) -> Bool {
    ResultFormat.stems(ofResult: name).contains { stem in
      guard let dash = stem.lastIndex(of: "-"), Int(stem[stem.index(after: dash)...]) != nil else {
        return false
      }
      let suffix = name.dropFirst(stem.count)
      return isResult(String(stem[..<dash]) + suffix, among: names)
    }
  }

  /// Whether a file is called as a result of a picture that is one of `names`, which lie beside it; of any picture if
  /// `nil`.
  private static func isResult(_ name: String, among names: Set<ExactPath>?) -> Bool {
    let heatMap =
      name.hasSuffix(ClassHeatMap.suffix) ? [String(name.dropLast(ClassHeatMap.suffix.count))] : []
    let stems = ResultFormat.stems(ofResult: name) + heatMap
    guard let names else { return !stems.isEmpty }
    return stems.contains { stem in
      ([""] + extensions.flatMap { [".\($0)", ".\($0.uppercased())"] }).contains {
        names.contains(ExactPath(stem + $0))
      }
    }
  }
}
