import TensorCore
import Testing

@Suite struct TensorViewTests {
  /// 0, 1, 2, … in memory.
  private func memory(_ count: Int) -> AlignedStorage {
    let storage = AlignedStorage(count: count)
    for index in 0..<count { storage.pointer[index] = Float(index) }
    return storage
  }

  @Test func contiguous() {
    let storage = memory(24)
    withExtendedLifetime(storage) {
      let view = TensorView(storage.pointer, shape: [2, 2, 3, 2])
      #expect(view.isContiguous)
      #expect(view.pixelStride == 2)
      #expect(view.pixels == 12)
      #expect(view.channels == 2)
      #expect(view.pixel(7) == storage.pointer + 14)
      #expect(view.pixel(1, 1, 2) == storage.pointer + 22)
      #expect(view.pixel(1, 0, 1) == view.pixel(7))
      #expect(view.tensor() == Tensor((0..<24).map(Float.init), shape: [2, 2, 3, 2]))
    }
  }

  @Test func slicesOfChannels() {
    let storage = memory(30)
    withExtendedLifetime(storage) {
      let whole = TensorView(storage.pointer, shape: [1, 2, 3, 5])
      let slice = whole.channels(1..<4)
      #expect(slice.shape == [1, 2, 3, 3])
      #expect(slice.pixelStride == 5)
      #expect(!slice.isContiguous)
      #expect(slice.pixel(2)[0] == 11)
      #expect(slice.tensor().elements == [1, 2, 3, 6, 7, 8, 11, 12, 13, 16, 17, 18, 21, 22, 23, 26, 27, 28])
      let inner = slice.channels(2..<3)
      #expect(inner.tensor().elements == [3, 8, 13, 18, 23, 28])
      #expect(inner.pixel(0, 1, 2) == storage.pointer + 28)
    }
  }

  @Test(arguments: [3, 5], [3, 7]) func copiesAView(from step: Int, to other: Int) {
    let (source, target) = (memory(30), memory(30))
    withExtendedLifetime((source, target)) {
      let from = TensorView(source.pointer, shape: [1, 2, 2, 3], pixelStride: step)
      let into = TensorView(target.pointer, shape: [1, 2, 2, 3], pixelStride: other)
      into.copy(from: TensorView(source.pointer + 1, shape: from.shape, pixelStride: step))
      for pixel in 0..<4 {
        for channel in 0..<other {
          let expected = channel < 3 ? pixel * step + channel + 1 : pixel * other + channel
          #expect(target.pointer[pixel * other + channel] == Float(expected))
        }
      }
      #expect((4 * other..<30).allSatisfy { target.pointer[$0] == Float($0) })
    }
  }

  @Test func copyLeavesTheGaps() {
    let storage = memory(20)
    withExtendedLifetime(storage) {
      let view = TensorView(storage.pointer + 1, shape: [2, 1, 2, 3], pixelStride: 5)
      let values = Tensor((0..<12).map { Float(100 + $0) }, shape: [2, 1, 2, 3])
      view.copy(from: values)
      #expect(view.tensor() == values)
      for index in 0..<20 where (index + 4) % 5 >= 3 { #expect(storage.pointer[index] == Float(index)) }
    }
  }
}
