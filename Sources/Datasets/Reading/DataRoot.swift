import Foundation

/// The folder that holds a dataset's files.
enum DataRoot {
  /// The first of some folders that exists; `file` is the description that names them.
  static func first(of roots: [String], file: String) throws(DatasetError) -> String {
    guard let root = roots.first(where: isFolder) else { throw .noRoot(file: file, looked: roots) }
    return root
  }

  /// The bytes that a file takes; 0 where there is none.
  static func bytes(_ path: String) -> Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return attributes?[.size] as? Int ?? 0
  }

  /// Whether a path is that of a folder.
  static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }
}
