import Augmentation
import Images

/// One split of a described dataset, opened: every image has its mask.
public struct Dataset: SampleSource {
  /// What the dataset's YAML file says.
  public let definition: DatasetDescription
  /// The split's name.
  public let split: String

  private let storage: Storage

  private enum Storage: Sendable {
    case files(FileSamples)
    case scenes(SceneKind, PixelSize, DatasetDescription.SceneSplit)
  }

  /// Opens a split: finds the data and pairs images with masks, without reading them.
  ///
  /// - Throws: `DatasetError` for a split that does not exist, data that is not there, an image without a mask or
  ///   a mask without an image, and a split without samples.
  public init(_ definition: DatasetDescription, split: String) throws(DatasetError) {
    self.definition = definition
    self.split = split
    switch definition.content {
    case .files(let content):
      guard let found = content.splits.first(where: { $0.name == split }) else {
        throw .unknownSplit(file: definition.file, split: split, existing: definition.splits)
      }
      storage = .files(try FileSamples(found, of: content, file: definition.file))
    case .scenes(let content):
      guard let found = content.splits.first(where: { $0.name == split }) else {
        throw .unknownSplit(file: definition.file, split: split, existing: definition.splits)
      }
      storage = .scenes(content.scene, content.size, found)
    }
  }

  /// `camvid/train`.
  public var title: String { "\(definition.name)/\(split)" }

  /// The classes in the order of their label indices.
  public var classes: [String] { definition.classes }

  /// The number of samples.
  public var count: Int {
    switch storage {
    case .files(let files): files.pairs.count
    case .scenes(_, _, let split): split.count
    }
  }

  /// The image's path below the data's root, or a scene's number.
  public func name(at index: Int) -> String {
    switch storage {
    case .files(let files): files.pairs[index].image
    case .scenes(let kind, _, _): "\(kind.rawValue)/\(index)"
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
    }
  }

  /// The paths of a sample's image and mask; `nil` for a scene, which has no files.
  public func paths(at index: Int) -> (image: String, mask: String)? {
    guard case .files(let files) = storage else { return nil }
    let pair = files.pairs[index]
    return ("\(files.root)/\(pair.image)", "\(files.root)/\(pair.mask)")
  }
}
