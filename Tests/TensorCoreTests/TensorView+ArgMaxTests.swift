import TensorCore
import Testing

@Suite struct TensorViewArgMaxTests {
  private func labels(_ view: TensorView, image: Int = 0, threads: Int = 1) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: view.shape.height * view.shape.width) { buffer, count in
      count = view.shape.height * view.shape.width
      guard let base = buffer.baseAddress else { return }
      view.argMax(image: image, into: base, pool: ThreadPool(threads: threads))
    }
  }

  @Test func firstOfEquals() {
    let storage = AlignedStorage(count: 20)
    let values: [Float] = [
      1, 3, 3, 2, -1, -1, -1, -1, -.infinity, -.infinity, -5, -4, 0, -0.0, 0, 0, 7, 2, 7, .infinity,
    ]
    for (index, value) in values.enumerated() { storage.pointer[index] = value }
    withExtendedLifetime(storage) {
      #expect(labels(TensorView(storage.pointer, shape: [1, 1, 5, 4])) == [1, 0, 3, 0, 3])
      #expect(labels(TensorView(storage.pointer, shape: [5, 1, 1, 4]), image: 2) == [3])
    }
  }

  @Test func stridedView() {
    let storage = AlignedStorage(count: 60)
    var stream = RandomStream(seed: 4)
    for index in 0..<60 { storage.pointer[index] = stream.uniform() }
    withExtendedLifetime(storage) {
      let view = TensorView(storage.pointer, shape: [2, 2, 3, 5]).channels(1..<4)
      for image in 0..<2 {
        let expected = (0..<6).map { pixel in
          let row = (0..<3).map { view.pixel(image * 6 + pixel)[$0] }
          return UInt8(row.firstIndex(of: row.max() ?? 0) ?? 9)
        }
        #expect(labels(view, image: image) == expected)
      }
    }
  }

  @Test func severalChunksAndManyClasses() {
    let shape: Shape = [1, 130, 131, 2]
    var stream = RandomStream(seed: 5)
    let storage = AlignedStorage(count: shape.count)
    for index in 0..<shape.count { storage.pointer[index] = stream.uniform() }
    withExtendedLifetime(storage) {
      let view = TensorView(storage.pointer, shape: shape)
      let expected = (0..<shape.pixels).map { UInt8(view.pixel($0)[1] > view.pixel($0)[0] ? 1 : 0) }
      #expect(labels(view) == expected)
      #expect(labels(view, threads: 3) == expected)
    }
    let wide = AlignedStorage(count: 256)
    wide.pointer[255] = 1
    withExtendedLifetime(wide) {
      #expect(labels(TensorView(wide.pointer, shape: [1, 1, 1, 256])) == [255])
    }
  }
}
