import Foundation

/// Bytes that a plan may take, checked before they are taken.
public struct MemoryBudget: Sendable, Equatable {
  /// The most that may be taken, in bytes.
  public let bytes: Int

  /// A budget of so many bytes.
  public init(bytes: Int) { self.bytes = bytes }

  /// Half of what the process may use: the lower of physical memory and the container's limit.
  public static let standard = MemoryBudget(bytes: min(physical, container ?? .max) / 2)

  /// Throws when `needed` bytes are more than the budget; `purpose` says what they were for.
  public func check(_ needed: Int, for purpose: String) throws(MemoryError) {
    if needed > bytes { throw .overBudget(purpose: purpose, needed: needed, budget: bytes) }
  }

  private static let physical = Int(clamping: ProcessInfo.processInfo.physicalMemory)

  private static let container: Int? = {
    let paths = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]
    for path in paths {
      guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { continue }
      return Int(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }
    return nil
  }()
}

/// Why memory was not taken.
public enum MemoryError: Error, Equatable, CustomStringConvertible {
  /// `needed` bytes for `purpose` are more than the `budget`.
  case overBudget(purpose: String, needed: Int, budget: Int)

  /// What was wanted, what may be had and what to do.
  public var description: String {
    switch self {
    case .overBudget(let purpose, let needed, let budget):
      "\(purpose): expected at most \(budget >> 20) MiB of memory, found a need of \(Self.mebibytes(needed)) MiB; "
        + "use a smaller image or batch, or raise the limit"
    }
  }

  /// Rounds up, so that a need is never told as no more than the budget that it exceeds.
  private static func mebibytes(_ bytes: Int) -> Int { bytes >> 20 + (bytes & 0xF_FFFF > 0 ? 1 : 0) }
}
