import Foundation

/// How much memory this process may use.
package enum MemoryLimit {
  /// The least of physical memory, the limits of the control groups that the process is in, and that of its addresses
  /// (`ulimit -v`), in bytes.
  package static var process: Int {
    let table = (try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8)) ?? ""
    let limits = [controlGroups(table, root: "/sys/fs/cgroup"), addresses].compactMap { $0 }
    return limits.reduce(Int(clamping: ProcessInfo.processInfo.physicalMemory), min)
  }

  /// The least limit on the groups that a process's table names (cgroups(7): `NUMBER:CONTROLLERS:PATH`) and on those
  /// above them; `nil` where there is none.
  ///
  /// - Parameter root: where the groups' folders lie: those of version 2 at its top, of version 1 in `memory`.
  package static func controlGroups(_ table: String, root: String) -> Int? {
    var limits = [limit("\(root)/memory.max"), limit("\(root)/memory/memory.limit_in_bytes")]
    for line in table.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let isUnified = parts[1].isEmpty
      guard isUnified || parts[1].split(separator: ",").contains("memory") else { continue }
      let (folder, file) = isUnified ? (root, "memory.max") : ("\(root)/memory", "memory.limit_in_bytes")
      var names = parts[2].split(separator: "/")
      while !names.isEmpty {
        limits.append(limit("\(folder)/\(names.joined(separator: "/"))/\(file)"))
        names.removeLast()
      }
    }
    return limits.compactMap { $0 }.min()
  }

  /// The number in a file; `nil` where there is no file, or one that says `max`.
  private static func limit(_ path: String) -> Int? {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
    return Int(text.trimmingCharacters(in: .whitespacesAndNewlines))
  }

  private static var addresses: Int? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur != rlim_t.max else {
      return nil
    }
    return Int(clamping: limit.rlim_cur)
  }
}
