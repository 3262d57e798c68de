extension DatasetDescription {
  /// Classes that images may have.
  public static let largestClassCount = 4096

  /// Images with a class each, in the format of MNIST.
  public struct IDXContent: Sendable, Equatable {
    /// The folders that may hold the data, in the order of preference.
    public var roots: [String]
    /// The splits in the order of the file.
    public var splits: [IDXSplit]
  }

  /// A split in a file of images and a file of labels, gzip or plain.
  public struct IDXSplit: DatasetSplit {
    /// The split's name, `train`.
    public var name: String
    /// The file of the images, relative to the root; that of the name with `.gz` if there is no other.
    public var images: String
    /// The file of the labels.
    public var labels: String
    /// The first image of the split.
    public var from: Int
    /// The images of the split; `nil` for all that follow.
    public var count: Int?
  }

  /// Images with a class each, in a folder for each class.
  public struct FolderContent: Sendable, Equatable {
    /// The folders that may hold the data, in the order of preference.
    public var roots: [String]
    /// The splits in the order of the file.
    public var splits: [FolderSplit]
  }

  /// A split in a folder of class folders.
  public struct FolderSplit: DatasetSplit {
    /// The split's name, `train`.
    public var name: String
    /// The folder of the class folders, relative to the root.
    public var images: String
  }
}

/// A part of a dataset.
protocol DatasetSplit: Sendable, Equatable {
  /// The split's name, `train`.
  var name: String { get }
}
