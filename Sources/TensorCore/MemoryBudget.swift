import Foundation

/// Bytes that a plan may take, checked before they are taken.
public struct MemoryBudget: Sendable, Equatable {
  /// The most that may be taken, in bytes.
  public let bytes: Int

  /// A budget of so many bytes.
  public init(bytes: Int) { self.bytes = bytes }

  /// The budget that a text such as `1GiB`, `1.5GB`, `512M` or `1073741824` names: B, and K, M, G or T alone or with `iB`
  /// for powers of 1024, with `B` for powers of 1000, in capitals or not. `nil` for another text, and for none at all.
  public init?(text: String) {
    let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let units = ["k": 1, "m": 2, "g": 3, "t": 4]
    var unit = text.dropFirst(number.count).lowercased()
    var power = 0
    if let first = unit.first.flatMap({ units[String($0)] }) {
      power = first
      unit.removeFirst()
    }
    let base: Double
    switch unit {
    case "", "ib": base = 1024
    case "b": base = power == 0 ? 1 : 1000
    default: return nil
    }
    guard unit != "ib" || power > 0, let value = Double(number) else { return nil }
    let bytes = (0..<power).reduce(value) { product, _ in product * base }
    guard bytes >= 1, bytes < 0x1p62 else { return nil }
    self.init(bytes: Int(bytes))
  }

  /// Half of what the process may use: the least of physical memory and the limits that are set for it.
  public static let standard = MemoryBudget(bytes: MemoryLimit.process / 2)

  /// Throws when `needed` bytes are more than the budget; `purpose` says what they were for.
  public func check(_ needed: Int, for purpose: String) throws(MemoryError) {
    if needed > bytes { throw .overBudget(purpose: purpose, needed: needed, budget: bytes) }
  }
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
