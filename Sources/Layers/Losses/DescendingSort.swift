/// Sorts numbers of 0 or more from the largest to the smallest, equal ones in the order in which they came.
///
/// A radix sort of the bits in three rounds of 11: time grows with the count alone.
enum DescendingSort {
  private static let bits = 11
  private static let size = 1 << bits

  /// The key of a number: larger numbers have smaller ones. What is negative or no number comes first.
  @inline(__always)
  static func key(_ value: Float) -> UInt32 { value >= 0 ? 0x7FFF_FFFF - value.bitPattern : 0 }

  /// Sorts `count` keys and what belongs to them; the result stands in `otherKeys` and `otherItems`.
  static func sort(
    _ count: Int, keys: UnsafeMutablePointer<UInt32>, items: UnsafeMutablePointer<UInt32>,
    otherKeys: UnsafeMutablePointer<UInt32>, otherItems: UnsafeMutablePointer<UInt32>
  ) {
    var (from, to) = ((keys, items), (otherKeys, otherItems))
    withUnsafeTemporaryAllocation(of: Int.self, capacity: size) { places in
      for round in 0..<3 {
        let shift = UInt32(round * bits)
        places.update(repeating: 0)
        for index in 0..<count { places[Int(from.0[index] >> shift) & (size - 1)] += 1 }
        var sum = 0
        for digit in 0..<size {
          let next = sum + places[digit]
          places[digit] = sum
          sum = next
        }
        for index in 0..<count {
          let digit = Int(from.0[index] >> shift) & (size - 1)
          let place = places[digit]
          places[digit] = place + 1
          to.0[place] = from.0[index]
          to.1[place] = from.1[index]
        }
        swap(&from, &to)
      }
    }
  }
}
