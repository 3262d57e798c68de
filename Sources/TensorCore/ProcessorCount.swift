import Foundation

/// How many cores this process may really use.
public enum ProcessorCount {
  /// The lower of the scheduler's affinity mask and the container's CPU quota, at least 1.
  public static let available: Int = max(1, min(affinity(), quota() ?? .max))

  /// The cores in the affinity mask of this process. Foundation counts those of the machine.
  static func affinity() -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    return parseAffinity(status) ?? ProcessInfo.processInfo.activeProcessorCount
  }

  /// Counts the bits of the line `Cpus_allowed: 00000000,0000000f` of a process's status.
  package static func parseAffinity(_ status: String) -> Int? {
    let prefix = "Cpus_allowed:"
    guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix(prefix) }) else { return nil }
    let digits = line.dropFirst(prefix.count).filter { $0 != "," && !$0.isWhitespace }
    let values = digits.map(\.hexDigitValue)
    guard !values.isEmpty, !values.contains(nil) else { return nil }
    return values.reduce(0) { $0 + ($1 ?? 0).nonzeroBitCount }
  }

  /// The quota of the control group in whole cores, rounded up; `nil` without one.
  static func quota() -> Int? {
    if let line = firstLine("/sys/fs/cgroup/cpu.max") { return parseVersion2(line) }
    guard let quota = firstLine("/sys/fs/cgroup/cpu/cpu.cfs_quota_us").flatMap(Int.init), quota > 0,
      let period = firstLine("/sys/fs/cgroup/cpu/cpu.cfs_period_us").flatMap(Int.init), period > 0
    else { return nil }
    return (quota + period - 1) / period
  }

  /// Reads `"200000 100000"` (quota and period in microseconds) as 2 and `"max 100000"` as `nil`.
  package static func parseVersion2(_ line: String) -> Int? {
    let fields = line.split(separator: " ").map { Int($0) }
    guard fields.count == 2, let quota = fields[0], let period = fields[1], quota > 0, period > 0 else {
      return nil
    }
    return quota / period + (quota % period > 0 ? 1 : 0)
  }

  private static func firstLine(_ path: String) -> String? {
    (try? String(contentsOfFile: path, encoding: .utf8))?
      .split(separator: "\n").first.map(String.init)
  }
}
