import Foundation

/// What lies below a folder and is called as a picture, links to folders followed.
struct FolderWalk {
  /// Something that is called as a picture, or a folder that cannot be looked into.
  struct Finding {
    /// The path from the folder on.
    let path: ExactPath
    /// Why it is no picture, where that is known.
    let problem: String?
  }

  /// A file or folder, whatever it is called.
  private struct Identity: Hashable {
    let device: UInt64
    let number: UInt64

    init(_ status: stat) { (device, number) = (UInt64(status.st_dev), UInt64(status.st_ino)) }

    init?(_ path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      self.init(status)
    }
  }

  private static let extensions = ["png", "jpg", "jpeg"]

  private let root: String
  private let left: Identity?
  private(set) var findings: [Finding] = []

  /// Walks `root`; `output`, where results go, is left out when it lies below.
  init(_ root: String, except output: String?) {
    self.root = root
    let own = Identity(root)
    let other = output.flatMap { Identity($0) }
    left = other == own ? nil : other
    walk("", within: own.map { [$0] } ?? [])
    findings.sort { $0.path < $1.path }
  }

  /// - Parameter folders: the folders on the way, so that a link to one of them ends the walk.
  private mutating func walk(_ folder: String, within folders: [Identity]) {
    guard let names = Self.names(in: folder.isEmpty ? root : "\(root)/\(folder)") else {
      let reason = String(cString: strerror(errno)).lowercased()
      findings.append(Finding(path: ExactPath(folder), problem: reason))
      return
    }
    let all = Set(names.map(ExactPath.init))
    for name in names {
      let path = folder.isEmpty ? name : "\(folder)/\(name)"
      var status = stat()
      let isFolder = stat("\(root)/\(path)", &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
      let isPicture = Self.extensions.contains((name as NSString).pathExtension.lowercased())
      // A folder with a picture's name is told, and looked into: nothing that somebody gave is passed over in silence.
      if isPicture && !Self.isResult(name, among: all) {
        findings.append(Finding(path: ExactPath(path), problem: nil))
      }
      guard isFolder else { continue }
      let identity = Identity(status)
      if identity != left && !folders.contains(identity) { walk(path, within: folders + [identity]) }
    }
  }

  /// The names in a folder; `nil`, with `errno` set, when it cannot be read.
  private static func names(in folder: String) -> [String]? {
    guard let stream = opendir(folder) else { return nil }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }

  /// Whether a file is called as a result of a picture that lies beside it.
  private static func isResult(_ name: String, among names: Set<ExactPath>) -> Bool {
    let heatMap =
      name.hasSuffix(ClassHeatMap.suffix) ? [String(name.dropLast(ClassHeatMap.suffix.count))] : []
    return (ResultFormat.stems(ofResult: name) + heatMap).contains { stem in
      ([""] + extensions.flatMap { [".\($0)", ".\($0.uppercased())"] }).contains {
        names.contains(ExactPath(stem + $0))
      }
    }
  }
}
