import Augmentation
import Images

/// What a dataset's YAML file says: its classes, where its files lie, how its values map to classes.
public struct DatasetDescription: Sendable, Equatable {
  /// A short name, `camvid`.
  public var name: String
  /// Under which terms the data may be used; weights trained on it may inherit them.
  public var licence: String?
  /// The classes in the order of their label indices: 1 to 255 of masks, up to `largestClassCount` of images; none
  /// where the names of folders tell them.
  public var classes: [String]
  /// A colour for each class of masks; none for classes of images.
  public var colors: [Color]
  /// Where samples come from.
  public var content: Content
  /// The file that it was read from, as messages show it.
  public var file: String

  /// Where samples come from.
  public enum Content: Sendable, Equatable {
    /// Images and masks in folders.
    case files(FileContent)
    /// Scenes drawn in memory.
    case scenes(SceneContent)
    /// Images with a class each, in the format of MNIST.
    case idx(IDXContent)
    /// Images with a class each, in a folder for each class.
    case folders(FolderContent)
  }

  /// Images and masks in folders.
  public struct FileContent: Sendable, Equatable {
    /// The folders that may hold the data, in the order of preference.
    public var roots: [String]
    /// What a mask's values mean.
    public var labels: LabelRules
    /// The splits in the order of the file.
    public var splits: [FileSplit]
  }

  /// A split whose samples are files.
  public struct FileSplit: DatasetSplit {
    /// The split's name, `train`.
    public var name: String
    /// The folder of the images, relative to the root.
    public var images: String
    /// The folder of the masks, relative to the root.
    public var masks: String
    /// What a mask's stem has after its image's.
    public var suffix: String
    /// The stems that belong to the split; `nil` for all.
    public var only: [String]?
    /// The stems that do not belong to it.
    public var except: [String]
    /// How images and masks find each other.
    public var pairing: Pairing
  }

  /// Scenes drawn in memory.
  public struct SceneContent: Sendable, Equatable {
    /// Which generator draws them.
    public var scene: SceneKind
    /// The size of every scene in pixels.
    public var size: PixelSize
    /// The splits in the order of the file.
    public var splits: [SceneSplit]
  }

  /// A split whose samples are drawn.
  public struct SceneSplit: DatasetSplit {
    /// The split's name, `train`.
    public var name: String
    /// The number of scenes.
    public var count: Int
    /// The seed of the scenes.
    public var seed: UInt64
  }

  /// What is true of the samples.
  public var truth: Sample.TruthKind {
    switch content {
    case .files, .scenes: .mask
    case .idx, .folders: .label
    }
  }

  /// The names of the splits in the order of the file.
  public var splits: [String] {
    switch content {
    case .files(let files): files.splits.map(\.name)
    case .scenes(let scenes): scenes.splits.map(\.name)
    case .idx(let idx): idx.splits.map(\.name)
    case .folders(let folders): folders.splits.map(\.name)
    }
  }
}
