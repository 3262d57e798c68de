/// A part of a list, so that several machines share the work without knowing of each other.
public struct Shard: Sendable, Equatable {
  /// Which part, `1...count`.
  public let index: Int
  /// How many parts.
  public let count: Int

  /// The most parts.
  public static let largestCount = 1_000_000

  /// Reads `I/N`. Parts count from 1, as the jobs of GNU parallel do; `0/N` is `N/N`, so that the numbers of an array that
  /// starts with 0 name every part once too.
  ///
  /// - Throws: `InferenceError.shard` for anything else.
  public init(_ text: String) throws(InferenceError) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let index = parts[0], let count = parts[1],
      (1...Self.largestCount).contains(count),
      (0...count).contains(index)
    else { throw .shard(text) }
    (self.index, self.count) = (index == 0 ? count : index, count)
  }

  /// This part of `items`: every `count`th, so that neighbours, which are often alike, are shared out.
  public func part<Item>(of items: [Item]) -> [Item] {
    stride(from: index - 1, to: items.count, by: count).map { items[$0] }
  }
}
