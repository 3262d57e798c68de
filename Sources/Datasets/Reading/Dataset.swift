import Augmentation
import Images

/// One split of a described dataset, opened: every image has its mask or its class.
public struct Dataset: SampleSource {
  /// What the dataset's YAML file says.
  public let definition: DatasetDescription
  /// The split's name.
  public let split: String
  /// The classes in the order of their label indices.
  public let classes: [String]

  private let storage: Storage

  private enum Storage: Sendable {
    case files(FileSamples)
    case scenes(SceneKind, PixelSize, DatasetDescription.SceneSplit)
    case idx(IDXSamples)
    case folders(FolderSamples)
  }

  /// Opens a split: finds the data and pairs images with masks or classes. Images in files of their own are not read
  /// yet; those of an IDX file are, and stay in memory.
  ///
  /// - Throws: `DatasetError` for a split that does not exist, data that is not there, an image without a mask or
  ///   a mask without an image, a split or a class without samples, and an IDX file that is damaged or foreign.
  public init(_ definition: DatasetDescription, split: String) throws(DatasetError) {
    self.definition = definition
    self.split = split
    func named<Split: DatasetSplit>(_ splits: [Split]) throws(DatasetError) -> Split {
      guard let found = splits.first(where: { $0.name == split }) else {
        throw .unknownSplit(file: definition.file, split: split, existing: definition.splits)
      }
      return found
    }
    let file = definition.file
    switch definition.content {
    case .files(let content):
      storage = .files(try FileSamples(try named(content.splits), of: content, file: file))
      classes = definition.classes
    case .scenes(let content):
      storage = .scenes(content.scene, content.size, try named(content.splits))
      classes = definition.classes
    case .idx(let content):
      classes = definition.classes
      storage = .idx(
        try IDXSamples(try named(content.splits), roots: content.roots, classes: classes.count, file: file))
    case .folders(let content):
      let samples = try FolderSamples(
        try named(content.splits), roots: content.roots, classes: definition.classes, file: file)
      classes = samples.classes
      storage = .folders(samples)
    }
  }

  /// `camvid/train`.
  public var title: String { "\(definition.name)/\(split)" }

  /// What is true of the samples: masks, or a class for each.
  public var truth: Sample.TruthKind { definition.truth }

  /// Whether the samples lie in memory: those of IDX files.
  public var isInMemory: Bool {
    if case .idx = storage { return true }
    return false
  }

  /// The number of samples.
  public var count: Int {
    switch storage {
    case .files(let files): files.pairs.count
    case .scenes(_, _, let split): split.count
    case .idx(let digits): digits.count
    case .folders(let folders): folders.paths.count
    }
  }

  /// The image's path below the data's root, or a scene's number, or an image's place in its file.
  public func name(at index: Int) -> String {
    switch storage {
    case .files(let files): files.pairs[index].image
    case .scenes(let kind, _, _): "\(kind.rawValue)/\(index)"
    case .idx(let digits): digits.name(at: index)
    case .folders(let folders): folders.paths[index]
    }
  }

  /// Reads a sample, brings the image to 8-bit RGB and maps the mask's values to label indices.
  ///
  /// - Throws: `DatasetError` when a file cannot be read, when the sizes differ, and when the mask holds a value
  ///   that means nothing.
  public func sample(at index: Int) throws(DatasetError) -> Sample {
    switch storage {
    case .files(let files):
      return try files.sample(at: index)
    case .scenes(let kind, let size, let split):
      let (image, mask) = kind.render(seed: split.seed, index: index, size: size)
      return Sample(image: image, mask: mask)
    case .idx(let digits):
      return digits.sample(at: index)
    case .folders(let folders):
      return try folders.sample(at: index)
    }
  }

  /// The paths of a sample's image and mask; `nil` for samples without a mask's file.
  public func paths(at index: Int) -> (image: String, mask: String)? {
    guard case .files(let files) = storage else { return nil }
    let pair = files.pairs[index]
    return ("\(files.root)/\(pair.image)", "\(files.root)/\(pair.mask)")
  }
}
