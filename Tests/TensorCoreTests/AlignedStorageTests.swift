import TensorCore
import Testing

@Suite struct AlignedStorageTests {
  @Test func startsOnACacheLineWithZeros() {
    // From 4 MiB on a block is mapped by itself.
    for count in [0, 1, 3, 16, 17, 1000, 100_003, (1 << 20) - 1, 1 << 20, (1 << 20) + 1] {
      let storage = AlignedStorage(count: count)
      #expect(storage.count == count)
      #expect(Int(bitPattern: storage.pointer) % AlignedStorage.alignment == 0)
      #expect((0..<count).allSatisfy { storage.pointer[$0] == 0 })
      // All of it is its own.
      storage.pointer.update(repeating: 1, count: count)
    }
  }
}
