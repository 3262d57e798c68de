import Images

extension DatasetDescription {
  /// How the images and the masks of a split find each other.
  public enum Pairing: Sendable, Equatable {
    /// Equal stems in two folders.
    case stems
    /// A text file with an image and its mask in each line, relative to the root.
    case list(String)
    /// A text file with a stem in each line, as in PASCAL VOC.
    case identifiers(String)
    /// Folders of towns, with names that tell the frame, as in Cityscapes.
    case towns
    /// Several files for an image, each of one class.
    case layers([LayerPattern])
    /// A JSON file of COCO.
    case annotations(String)

    /// What a split that is empty is looked for in.
    func place(_ split: FileSplit) -> String {
      switch self {
      case .stems, .towns, .layers: split.images
      case .list(let path), .identifiers(let path), .annotations(let path): path
      }
    }

    /// The pairs of a split, and everything that is wrong with them.
    func find(_ split: FileSplit, root: String, classes: [String], file: String) -> FilePairs {
      switch self {
      case .stems: FilePairing.find(split, root: root, file: file)
      case .list(let path): ListedPairing(root: root, list: path).pairs()
      case .identifiers(let path): ListedPairing(root: root, list: path).pairs(of: split)
      case .towns: TownPairing.find(split, root: root, file: file)
      case .layers(let patterns): LayerPairing.find(split, patterns, root: root, file: file)
      case .annotations(let path):
        CocoPairing.find(split, annotations: path, root: root, classes: classes)
      }
    }
  }

  /// Which files show where a class is: `{stem}_car.png`, `{stem}/*.png`.
  public struct LayerPattern: Sendable, Equatable {
    /// The class's index.
    public var label: UInt8
    /// What stands before the stem.
    public var prefix: String
    /// What stands behind it, up to a `*` if there is one.
    public var middle: String
    /// What stands behind the `*`; `nil` without one.
    public var end: String?

    /// A pattern of a text with one `{stem}`, and at most one `*` behind it; `nil` for another.
    init?(_ text: String, label: UInt8) {
      let parts = text.split(separator: "{stem}", omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].contains("*") else { return nil }
      let ends = parts[1].split(separator: "*", omittingEmptySubsequences: false).map(String.init)
      guard ends.count <= 2 else { return nil }
      (self.label, prefix, middle) = (label, String(parts[0]), ends[0])
      end = ends.count == 2 ? ends[1] : nil
    }
  }
}

extension DatasetDescription.Format {
  /// The classes that a description lists, or those of the format.
  func classes(_ keys: ConfigurationMapping) throws(DatasetError) -> [String] {
    if let node = keys["classes"] { return try DatasetDescription.classes(node, limit: 255) }
    switch self {
    case .voc: return KnownClasses.voc
    case .cityscapes: return KnownClasses.cityscapes
    default: return try DatasetDescription.classes(keys.required("classes", "a list of names"), limit: 255)
    }
  }

  /// The colours that a description lists, or those of the format.
  func colors(_ keys: ConfigurationMapping, count: Int) throws(DatasetError) -> [Color] {
    if self == .cityscapes && keys["colors"] == nil && keys["classes"] == nil {
      return KnownClasses.cityscapesColors.map(Color.init(packed:))
    }
    return try DatasetDescription.colors(keys["colors"], count: count)
  }

  /// What the values of masks mean.
  func rules(_ keys: ConfigurationMapping, classes: Int) throws(DatasetError) -> LabelRules {
    var rules = LabelRules(classes: classes)
    switch self {
    case .voc: rules.ignore = 255
    // Label ids are mapped to the ids of training only where the classes are those.
    case .cityscapes where keys["classes"] == nil: rules = KnownClasses.cityscapesRules
    default: break
    }
    return try DatasetDescription.rules(keys, from: rules)
  }

  /// The splits of a description of images with masks.
  func fileSplits(
    _ keys: ConfigurationMapping, classes: [String]
  ) throws(DatasetError) -> [DatasetDescription.FileSplit] {
    let node = try keys.required("splits", "a mapping of names to folders")
    let patterns = self == .layers ? try layers(keys, classes: classes) : []
    var splits: [DatasetDescription.FileSplit] = []
    for (name, value) in try node.pairs() {
      let keys = try value.mapping(known: splitKeys)
      var split = DatasetDescription.FileSplit(
        name: name, images: try keys["images"]?.string() ?? "", masks: try keys["masks"]?.string() ?? "",
        suffix: try keys["suffix"]?.string() ?? "", only: try DatasetDescription.strings(keys["only"]),
        except: try DatasetDescription.strings(keys["except"]) ?? [], pairing: .stems)
      switch self {
      case .list:
        split.pairing = .list(try keys.required("list", "a text file of images and masks").string())
      case .voc:
        split.pairing = .identifiers(try keys.required("list", "a text file of stems").string())
        if keys["images"] == nil { split.images = "JPEGImages" }
        if keys["masks"] == nil { split.masks = "SegmentationClass" }
      case .coco:
        _ = try keys.required("images", "a folder")
        split.pairing = .annotations(try keys.required("annotations", "a JSON file of COCO").string())
      default:
        _ = try (keys.required("images", "a folder"), keys.required("masks", "a folder"))
        if self == .cityscapes { split.pairing = .towns }
        if self == .layers { split.pairing = .layers(patterns) }
      }
      splits.append(split)
    }
    guard !splits.isEmpty else { throw node.wrong("at least one split") }
    return splits
  }

  private var splitKeys: [String] {
    switch self {
    case .list: ["list"]
    case .voc: ["list", "images", "masks"]
    case .coco: ["images", "annotations"]
    case .cityscapes, .layers: ["images", "masks"]
    default: ["images", "masks", "suffix", "only", "except"]
    }
  }

  /// The patterns under `layers:`, in their order.
  private func layers(
    _ keys: ConfigurationMapping, classes: [String]
  ) throws(DatasetError) -> [DatasetDescription.LayerPattern] {
    let node = try keys.required("layers", "a mapping of classes to file names")
    var patterns: [DatasetDescription.LayerPattern] = []
    for (name, value) in try node.pairs() {
      guard let label = classes.firstIndex(of: name) else {
        throw .unknownKey(file: value.file, key: value.key, known: classes)
      }
      guard let pattern = DatasetDescription.LayerPattern(try value.string(), label: UInt8(label)) else {
        throw value.wrong("a file name with one {stem} and at most one * behind it")
      }
      patterns.append(pattern)
    }
    guard !patterns.isEmpty else { throw node.wrong("at least one class") }
    return patterns
  }
}
