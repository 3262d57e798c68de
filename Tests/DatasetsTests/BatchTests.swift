import Augmentation
import Datasets
import TensorCore
import Testing

@Suite struct BatchTests {
  @Test func normalisesAndStacks() throws {
    let source = CountingSource()
    let batch = try Batch(
      [try source.sample(at: 0), try source.sample(at: 5)], names: ["x", "y"],
      normalization: Normalization(mean: [0, 0.5, 1], deviation: [1, 0.5, 0.25]))
    #expect(batch.images.shape == [2, 4, 4, 3])
    #expect(batch.labels.shape == [2, 4, 4, 1])
    #expect(batch.names == ["x", "y"])
    #expect(batch.images.elements[0..<3] == [0, -1, -4])
    let five = Float(5) / 255
    #expect(batch.images.elements[93..<96] == [five, (five - 0.5) / 0.5, (five - 1) / 0.25])
    #expect(batch.labels.elements[0..<16].allSatisfy { $0 == 0 })
    #expect(batch.labels.elements[16..<32].allSatisfy { $0 == 5 })
  }

  @Test func refusesSamplesOfSeveralSizes() throws {
    let source = CountingSource(uneven: true)
    #expect(
      message {
        try Batch(
          [try source.sample(at: 0), try source.sample(at: 3)], names: ["x", "y"], normalization: .unit)
      }
        == "y: expected 4x4 as x in the same batch, found 7x4; "
        + "add 'crop' or 'resize' under 'augment:' (after 'rotate90', or square), or use a batch of 1")
  }
}
