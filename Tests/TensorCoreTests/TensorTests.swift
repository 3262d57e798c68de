import TensorCore
import Testing

@Suite struct TensorTests {
  private func counting(_ shape: Shape) -> Tensor {
    Tensor((0..<shape.count).map(Float.init), shape: shape)
  }

  @Test func starts() {
    #expect(Tensor(zeros: [2, 3]).elements == [0, 0, 0, 0, 0, 0])
    #expect(Tensor(repeating: 1.5, shape: [3]).elements == [1.5, 1.5, 1.5])
    #expect(Tensor([1, 2], shape: [2, 1]).elements == [1, 2])
    #expect(Tensor(zeros: [3, 0]).elements.isEmpty)
    #expect(Tensor([], shape: [0, 7]).count == 0)
    #expect(Tensor([4], shape: []).count == 1)
  }

  @Test func copyOnWrite() {
    let original = counting([4])
    var copy = original
    let before = original.withUnsafeElements { $0.baseAddress }
    #expect(copy.withUnsafeElements { $0.baseAddress } == before)
    copy.withUnsafeMutableElements { $0[1] = 9 }
    #expect(original.elements == [0, 1, 2, 3])
    #expect(copy.elements == [0, 9, 2, 3])
    let own = copy.withUnsafeElements { $0.baseAddress }
    #expect(own != before)
    copy.withUnsafeMutableElements { $0[2] = 8 }
    #expect(copy.withUnsafeElements { $0.baseAddress } == own, "a storage of one's own is not copied")
  }

  @Test func reshapedSharesUntilWritten() {
    let original = counting([2, 3])
    var other = original.reshaped([3, 2])
    #expect(other.shape == [3, 2])
    #expect(other.elements == original.elements)
    other.withUnsafeMutableElements { $0[0] = 7 }
    #expect(original.elements[0] == 0)
    #expect(other.elements[0] == 7)
  }

  @Test func channelsLastAndFirst() {
    let first = counting([2, 3, 2, 2])
    let last = first.channelsLast()
    #expect(last.shape == [2, 2, 2, 3])
    #expect(Array(last.elements.prefix(12)) == [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11])
    #expect(last.elements[12] == 12)
    for shape: Shape in [[1, 1, 1, 1], [2, 5, 3, 7], [3, 1, 4, 2], [1, 64, 1, 9], [0, 3, 2, 2]] {
      let tensor = counting(shape)
      #expect(tensor.channelsLast().channelsFirst() == tensor)
      #expect(tensor.channelsFirst().channelsLast() == tensor)
    }
  }

  @Test func equalityIsOfBits() {
    #expect(Tensor([.nan], shape: [1]) == Tensor([.nan], shape: [1]))
    #expect(Tensor([0], shape: [1]) != Tensor([-0.0], shape: [1]))
    #expect(Tensor([1, 2], shape: [2]) != Tensor([1, 2], shape: [2, 1]))
    #expect(Tensor([1, 2], shape: [2]) != Tensor([1, 3], shape: [2]))
    #expect(Tensor([.signalingNaN], shape: [1]) != Tensor([.nan], shape: [1]))
  }
}
