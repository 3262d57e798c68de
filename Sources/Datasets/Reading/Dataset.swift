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
    var problems: [DatasetError] = []
    try self.init(definition, split: split, problems: &problems)
    if let first = problems.first { throw first }
  }

  /// Opens what can be opened of a split, and adds to `problems` what is wrong with the rest.
  ///
  /// - Throws: `DatasetError` where nothing can be opened.
  init(
    _ definition: DatasetDescription, split: String, problems: inout [DatasetError]
  ) throws(DatasetError) {
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
      classes = definition.classes
      storage = .files(
        try FileSamples(
          try named(content.splits), of: content, classes: classes, file: file, problems: &problems))
    case .scenes(let content):
      storage = .scenes(content.scene, content.size, try named(content.splits))
      classes = definition.classes
    case .idx(let content):
      classes = definition.classes
      storage = .idx(
        try IDXSamples(try named(content.splits), roots: content.roots, classes: classes.count, file: file))
    case .folders(let content):
      let samples = try FolderSamples(
        try named(content.splits), roots: content.roots, classes: definition.classes, file: file,
        problems: &problems)
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
    try reading(at: index).sample(name: name(at: index))
  }

  /// Reads a sample, and finds everything that is wrong with it.
  func reading(at index: Int) -> SampleReading {
    switch storage {
    case .files(let files):
      return files.read(index)
    case .scenes(let kind, let size, let split):
      let (image, mask) = kind.render(seed: split.seed, index: index, size: size)
      return SampleReading(Sample(image: image, mask: mask))
    case .idx(let digits):
      return SampleReading(digits.sample(at: index))
    case .folders(let folders):
      return folders.read(index)
    }
  }

  /// What the headers of a sample's files say, without decoding pixels.
  func headerProblems(at index: Int) -> [DatasetError] {
    switch storage {
    case .files(let files): files.readHeaders(index)
    case .folders(let folders): folders.readHeader(index)
    case .scenes, .idx: []
    }
  }

  /// The bytes that files of samples take; 0 for samples that lie in memory or are drawn.
  var bytes: Int {
    switch storage {
    case .files(let files): files.bytes
    case .folders(let folders): folders.bytes
    case .scenes, .idx: 0
    }
  }

  /// Whether samples are drawn, so that nothing can be wrong with them.
  var isDrawn: Bool {
    if case .scenes = storage { return true }
    return false
  }

  /// The paths of a sample's image and mask; `nil` for samples without a file that is their mask alone.
  public func paths(at index: Int) -> (image: String, mask: String)? {
    guard case .files(let files) = storage, case .file(let mask) = files.pairs[index].mask else { return nil }
    return ("\(files.root)/\(files.pairs[index].image)", "\(files.root)/\(mask)")
  }

  /// The files that hold a sample: those of its image and its mask; none for samples that share a file or are drawn.
  func files(at index: Int) -> [String] {
    switch storage {
    case .files(let files):
      let pair = files.pairs[index]
      return ([pair.image] + pair.mask.files).map { "\(files.root)/\($0)" }
    case .folders(let folders): return ["\(folders.root)/\(folders.paths[index])"]
    case .scenes, .idx: return []
    }
  }

  /// What messages call a sample's mask; the image's name for samples without one.
  func maskName(at index: Int) -> String {
    if case .files(let files) = storage { return files.pairs[index].mask.name }
    return name(at: index)
  }
}
