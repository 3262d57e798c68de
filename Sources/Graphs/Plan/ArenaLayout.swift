/// Where the activations of a plan lie in one block of memory, so that those whose lifetimes do not meet share it.
///
/// Largest first, each at the lowest offset that no placed neighbour in time covers: the greedy strategy by size of
/// Pisarchyk and Lee 2020, "Efficient memory management for deep neural net inference" (arXiv:2001.03288, §5.2).
package struct ArenaLayout {
  /// Memory that is taken from one moment to another.
  package struct Request {
    /// Elements.
    package var count: Int
    /// First and last moment of use.
    package var lifetime: ClosedRange<Int>

    package init(count: Int, lifetime: ClosedRange<Int>) {
      self.count = count
      self.lifetime = lifetime
    }
  }

  /// Elements to which offsets are rounded: one cache line.
  package static let alignment = 16

  /// The offset of each request, in elements.
  package let offsets: [Int]
  /// Elements of the whole.
  package let count: Int

  package init(_ requests: [Request]) {
    var offsets = [Int](repeating: 0, count: requests.count)
    var placed: [Int] = []
    var end = 0
    let order = requests.indices.sorted {
      requests[$0].count != requests[$1].count ? requests[$0].count > requests[$1].count : $0 < $1
    }
    for index in order where requests[index].count > 0 {
      let size = Self.rounded(requests[index].count)
      var offset = 0
      let neighbours = placed.filter { requests[$0].lifetime.overlaps(requests[index].lifetime) }
        .sorted { offsets[$0] < offsets[$1] }
      for neighbour in neighbours {
        if offsets[neighbour] >= offset + size { break }
        offset = max(offset, offsets[neighbour] + Self.rounded(requests[neighbour].count))
      }
      offsets[index] = offset
      placed.append(index)
      end = max(end, offset + size)
    }
    self.offsets = offsets
    count = end
  }

  private static func rounded(_ count: Int) -> Int { (count + alignment - 1) / alignment * alignment }
}
