/// The values that a pickle keeps for later, by their numbers.
///
/// Programs number them from 0 on, without gaps; any other number a hostile file may use costs more.
struct PickleMemo {
  private var values = BlockArray<PickleValue>()
  /// Those of numbers that are not the next.
  private var others: [Int: PickleValue] = [:]

  /// Bytes of memory that one of the others takes, while their table is copied to a larger one.
  private static let bytesOfOther = 128

  subscript(index: Int) -> PickleValue? {
    index < values.count ? values[index] : others[index]
  }

  /// Keeps a value as `index`, and without one as the number of those kept so far.
  mutating func keep(
    _ value: PickleValue, as index: Int?, _ heap: inout PickleHeap
  ) throws(PyTorchProblem) {
    let index = index ?? values.count + others.count
    if index < values.count {
      values[index] = value
    } else if index == values.count, others.isEmpty {
      try heap.charge(values.bytesToAppend)
      values.append(value)
    } else {
      try heap.charge(Self.bytesOfOther)
      others[index] = value
    }
  }

  /// Forgets all of them.
  mutating func removeAll() {
    self = PickleMemo()
  }
}
