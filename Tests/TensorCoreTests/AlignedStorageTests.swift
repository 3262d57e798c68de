import TensorCore
import Testing

@Suite struct AlignedStorageTests {
  @Test func startsOnACacheLineWithZeros() {
    for count in [0, 1, 3, 16, 17, 1000, 100_003] {
      let storage = AlignedStorage(count: count)
      #expect(storage.count == count)
      #expect(Int(bitPattern: storage.pointer) % AlignedStorage.alignment == 0)
      #expect((0..<count).allSatisfy { storage.pointer[$0] == 0 })
    }
  }
}
