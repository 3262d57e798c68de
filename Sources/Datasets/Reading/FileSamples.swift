import Augmentation
import Images

/// The samples of a split that lie in files.
struct FileSamples: Sendable {
  let root: String
  let pairs: [FilePair]
  private let rules: LabelRules
  private let table: [UInt16]
  private let file: String

  init(
    _ split: DatasetDescription.FileSplit, of content: DatasetDescription.FileContent, file: String
  ) throws(DatasetError) {
    root = try DataRoot.first(of: content.roots, file: file)
    self.file = file
    rules = content.labels
    table = content.labels.table()
    pairs = try FilePairing.pairs(split, root: root, file: file)
  }

  func sample(at index: Int) throws(DatasetError) -> Sample {
    let pair = pairs[index]
    let image: Raster
    let labels: LabelImage
    do throws(ImageError) {
      image = try ImageReader.read("\(root)/\(pair.image)").rgb8()
      labels = try MaskReader.read("\(root)/\(pair.mask)")
    } catch {
      throw .image(error)
    }
    guard labels.width == image.width && labels.height == image.height else {
      throw .maskSize(
        mask: pair.mask, image: pair.image, expected: PixelSize(width: image.width, height: image.height),
        found: PixelSize(width: labels.width, height: labels.height))
    }
    return Sample(image: image, mask: try mask(labels, path: pair.mask))
  }

  /// Maps values to label indices; the first illegal one is looked for only when there is one.
  private func mask(_ labels: LabelImage, path: String) throws(DatasetError) -> Mask {
    var legal = true
    let count = labels.values.count
    let mapped = [UInt8](unsafeUninitializedCapacity: count) { target, filled in
      for index in 0..<count {
        let label = table[Int(labels.values[index])]
        legal = legal && label != LabelRules.illegal
        target[index] = UInt8(truncatingIfNeeded: label)
      }
      filled = count
    }
    if !legal {
      let illegal = labels.values.filter { table[Int($0)] == LabelRules.illegal }
      let lowest = illegal.min() ?? 0
      throw .label(
        mask: path, expected: rules.expected, found: lowest,
        pixels: illegal.count { $0 == lowest }, file: file)
    }
    return Mask(width: labels.width, height: labels.height, labels: mapped)
  }
}
