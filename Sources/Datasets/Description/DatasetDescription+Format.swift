extension DatasetDescription {
  /// The kinds of descriptions, each with keys of its own.
  enum Format: String, CaseIterable {
    /// Images and masks in folders; so without `format:`.
    case masks
    /// Images and masks by lists of pairs.
    case list
    /// The folders of PASCAL VOC.
    case voc
    /// The folders of Cityscapes.
    case cityscapes
    /// Several files for an image, each of one class.
    case layers
    /// The annotations of COCO.
    case coco
    /// Images with a class each, in the format of MNIST.
    case idx
    /// Images with a class each, in a folder for each class.
    case folders
    /// Scenes that are drawn; named by `scenes:`.
    case scenes

    /// The kind of a description.
    init(_ top: ConfigurationNode) throws(DatasetError) {
      let pairs = try top.pairs()
      if pairs.contains(where: { $0.name == "scenes" }) {
        self = .scenes
      } else if let value = pairs.first(where: { $0.name == "format" })?.value {
        guard let format = Format(rawValue: try value.string()), format != .scenes else {
          throw value.wrong("masks, list, voc, cityscapes, layers, coco, idx or folders")
        }
        self = format
      } else {
        self = .masks
      }
    }

    /// The keys at the top.
    var keys: [String] {
      switch self {
      case .scenes: ["name", "licence", "scenes", "size", "splits"]
      case .masks, .list, .voc, .cityscapes:
        ["name", "licence", "format", "classes", "colors", "ignore", "labels", "root", "splits"]
      case .layers: ["name", "licence", "format", "classes", "colors", "layers", "root", "splits"]
      case .coco: ["name", "licence", "format", "classes", "colors", "root", "splits"]
      case .idx, .folders: ["name", "licence", "format", "classes", "root", "splits"]
      }
    }
  }

  static func idxSplits(_ keys: ConfigurationMapping) throws(DatasetError) -> [IDXSplit] {
    let node = try keys.required("splits", "a mapping of names to files")
    var splits: [IDXSplit] = []
    for (name, value) in try node.pairs() {
      let keys = try value.mapping(known: ["images", "labels", "from", "count"])
      splits.append(
        IDXSplit(
          name: name, images: try keys.required("images", "a file of images").string(),
          labels: try keys.required("labels", "a file of labels").string(),
          from: try keys["from"]?.integer(in: 0...Int(UInt32.max)) ?? 0,
          count: try keys["count"]?.integer(in: 1...Int(UInt32.max))))
    }
    guard !splits.isEmpty else { throw node.wrong("at least one split") }
    return splits
  }

  static func folderSplits(_ keys: ConfigurationMapping) throws(DatasetError) -> [FolderSplit] {
    let node = try keys.required("splits", "a mapping of names to folders")
    var splits: [FolderSplit] = []
    for (name, value) in try node.pairs() {
      let keys = try value.mapping(known: ["images"])
      splits.append(
        FolderSplit(name: name, images: try keys.required("images", "a folder of class folders").string()))
    }
    guard !splits.isEmpty else { throw node.wrong("at least one split") }
    return splits
  }
}
