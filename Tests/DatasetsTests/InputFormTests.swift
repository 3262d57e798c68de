import Augmentation
import Datasets
import Images
import TensorCore
import Testing

@Suite struct InputFormTests {
  /// A picture in three grays, of class 1.
  private struct Strip: SampleSource {
    var title = "strip"
    var classes = ["a", "b"]
    var count = 2
    var truth: Sample.TruthKind { .label }
    func name(at index: Int) -> String { "\(index)" }
    func sample(at index: Int) throws(DatasetError) -> Sample {
      let rgb: [UInt8] = [90, 90, 90, 255, 0, 0, 0, 0, 255]
      return Sample(image: Raster(width: 3, height: 1, channels: 3, samples: .eight(rgb)), label: 1)
    }
  }

  private func first(_ form: InputForm, _ normalization: Normalization = .unit) throws -> Batch {
    let plan = BatchPlan(source: Strip(), batchSize: 2, form: form, normalization: normalization)
    return try #require(try BatchLoader(plan, epoch: 0).next())
  }

  /// Zero padding, the pixel more at the right and at the bottom; gray is luma.
  @Test func paddedGray() throws {
    let form = InputForm(channels: 1, size: PixelSize(width: 6, height: 4), fit: .pad)
    let batch = try first(form, Normalization(mean: [0.5, 9, 9], deviation: [0.25, 9, 9]))
    #expect(batch.images.shape == [2, 4, 6, 1] && batch.labels.elements == [1, 1])
    func value(_ gray: Int) -> Float { (Float(gray) / 255 - 0.5) / 0.25 }
    let black = [Float](repeating: -2, count: 6)
    let row = [-2, value(90), value(76), value(29), -2, -2]
    #expect(Array(batch.images.elements.prefix(24)) == black + row + black + black)
  }

  /// A picture larger than the form is made smaller, and keeps its shape.
  @Test func paddedAndShrunk() throws {
    let form = InputForm(size: PixelSize(width: 1, height: 3), fit: .pad)
    let batch = try first(form)
    #expect(batch.images.shape == [2, 3, 1, 3])
    #expect(batch.images.elements[0..<3] == [0, 0, 0] && batch.images.elements[6..<9] == [0, 0, 0])
    #expect(batch.images.elements[3..<6].allSatisfy { $0 > 0 })
  }

  @Test func covered() throws {
    let batch = try first(InputForm(channels: 1, size: PixelSize(width: 1, height: 1)))
    #expect(batch.images.shape == [2, 1, 1, 1] && batch.images.elements[0] == Float(76) / 255)
    #expect(try first(InputForm(size: PixelSize(width: 4, height: 4))).images.shape == [2, 4, 4, 3])
  }
}
