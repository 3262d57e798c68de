import Augmentation
import Images

/// Everything that reading a sample gave: what could be read, and all that is wrong with it.
struct SampleReading {
  /// The picture, 8-bit RGB.
  var image: Raster?
  /// The class of every pixel.
  var mask: Mask?
  /// The class of the whole picture.
  var label: Int?
  /// What the mask's file holds, for data that lie in one file a mask.
  var stored: MaskFile?
  var problems: [DatasetError] = []

  init() {}

  /// A sample that is there already.
  init(_ sample: Sample) { (image, mask, label) = (sample.image, sample.mask, sample.label) }

  /// Adds what `body` gives, or what is wrong with it.
  mutating func attempt<Value>(_ body: () throws(DatasetError) -> Value) -> Value? {
    do throws(DatasetError) {
      return try body()
    } catch {
      problems.append(error)
      return nil
    }
  }

  /// The sample, or the first thing that is wrong with it.
  func sample(name: String) throws(DatasetError) -> Sample {
    if let first = problems.first { throw first }
    if let image, let mask { return Sample(image: image, mask: mask) }
    if let image, let label { return Sample(image: image, label: label) }
    throw .file(.notFound(path: name))
  }
}
