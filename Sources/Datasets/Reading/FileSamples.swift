import Augmentation
import Images

/// The samples of a split that lie in files.
struct FileSamples: Sendable {
  let root: String
  let pairs: [FilePair]
  private let rules: LabelRules
  private let table: [UInt16]
  private let file: String

  /// Finds the pairs of a split and adds to `problems` whatever is wrong with their names.
  init(
    _ split: DatasetDescription.FileSplit, of content: DatasetDescription.FileContent, classes: [String],
    file: String,
    problems: inout [DatasetError]
  ) throws(DatasetError) {
    let root = try DataRoot.first(of: content.roots, file: file)
    self.root = root
    self.file = file
    rules = content.labels
    table = content.labels.table()
    var found = split.pairing.find(split, root: root, classes: classes, file: file)
    if found.pairs.isEmpty && found.problems.isEmpty {
      found.problems = [.emptySplit(file: file, split: split.name, folder: split.pairing.place(split))]
    }
    pairs = found.pairs
    problems += found.problems
  }

  /// Reads an image and its mask; every problem is found, not the first alone.
  func read(_ index: Int) -> SampleReading {
    let pair = pairs[index]
    var reading = SampleReading()
    reading.image = reading.attempt { () throws(DatasetError) in
      let path = "\(root)/\(pair.image)"
      return try MaskFile.picture(try MaskFile.contents(path), path).rgb8()
    }
    switch pair.mask {
    case .file(let path):
      reading.stored = reading.attempt { () throws(DatasetError) in try MaskFile.read("\(root)/\(path)") }
      guard let stored = reading.stored else { break }
      reading.problems += Self.compare(pair, reading.image, stored.size)
      reading.mask = reading.attempt { () throws(DatasetError) in
        try rules.mask(stored, table: table, name: path, path: "\(root)/\(path)", file: file)
      }
    case .layers(let layers):
      guard let image = reading.image else { break }
      reading.mask = Mask(
        width: image.width, height: image.height,
        labels: [UInt8](repeating: 0, count: image.width * image.height))
      for layer in layers {
        let stored = reading.attempt { () throws(DatasetError) in try MaskFile.read("\(root)/\(layer.path)") }
        guard let stored else { continue }
        let differing = Self.compare(FilePair(image: pair.image, mask: .file(layer.path)), image, stored.size)
        reading.problems += differing
        if differing.isEmpty { reading.mask?.paint(stored, layer.label) }
      }
    case .shapes(let shapes):
      reading.problems += Self.compare(pair, reading.image, shapes.size)
      reading.mask = shapes.mask()
    }
    return reading
  }

  /// The bytes that the files of all pairs take.
  var bytes: Int {
    pairs.reduce(0) { sum, pair in
      ([pair.image] + pair.mask.files).reduce(sum) { $0 + DataRoot.bytes("\(root)/\($1)") }
    }
  }

  /// What the headers of a pair's files say; pixels are not decoded.
  func readHeaders(_ index: Int) -> [DatasetError] {
    let pair = pairs[index]
    var reading = SampleReading()
    func header(_ path: String) -> ImageHeader? {
      reading.attempt { () throws(DatasetError) in
        do throws(ImageError) { return try ImageFile("\(root)/\(path)").header } catch { throw .image(error) }
      }
    }
    let image = header(pair.image).map { PixelSize(width: $0.width, height: $0.height) }
    if case .shapes(let shapes) = pair.mask { reading.problems += Self.compare(pair, image, shapes.size) }
    for path in pair.mask.files {
      guard let mask = header(path) else { continue }
      if mask.format == .jpeg { reading.problems.append(.image(.lossyMask(name: "\(root)/\(path)"))) }
      reading.problems += Self.compare(
        FilePair(image: pair.image, mask: .file(path)), image,
        PixelSize(width: mask.width, height: mask.height))
    }
    return reading.problems
  }

  private static func compare(_ pair: FilePair, _ image: Raster?, _ mask: PixelSize) -> [DatasetError] {
    compare(pair, image.map { PixelSize(width: $0.width, height: $0.height) }, mask)
  }

  /// That the sizes differ, if they do.
  private static func compare(_ pair: FilePair, _ image: PixelSize?, _ mask: PixelSize) -> [DatasetError] {
    guard let image, image != mask else { return [] }
    return [.maskSize(mask: pair.mask.name, image: pair.image, expected: image, found: mask)]
  }
}
