import Foundation

/// A new folder that `body` may fill, removed afterwards.
func withFolder(_ body: (_ path: String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("files-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  try body(folder.path)
}

/// The names in a folder, sorted.
func names(in folder: String) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
}

/// The text of the error that `body` throws; empty when it throws none.
func errorText(_ body: () throws -> Void) -> String {
  do {
    try body()
    return ""
  } catch {
    return "\(error)"
  }
}

/// Runs as the user nobody where this process is root, whom no permission stops.
///
/// Linux keeps the user who opens files for each thread apart, so that tests beside this one do not notice.
enum Nobody {
  private typealias SetUser = @convention(c) (UInt32) -> Int32

  private static let setUser: SetUser? = dlsym(nil, "setfsuid").map { unsafeBitCast($0, to: SetUser.self) }

  /// Whether permissions can stop this process, or be made to.
  static var canBePlayed: Bool {
    if geteuid() != 0 { return true }
    guard let setUser else { return false }
    _ = setUser(65534)
    return setUser(0) == 65534
  }

  /// Calls `body` without the rights of root.
  static func run(_ body: () throws -> Void) rethrows {
    guard geteuid() == 0, let setUser else { return try body() }
    _ = setUser(65534)
    defer { _ = setUser(0) }
    try body()
  }
}
