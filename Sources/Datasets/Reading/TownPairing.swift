import Foundation

/// Pairs in the folders of Cityscapes: `aachen/aachen_0_1_leftImg8bit.png` and `aachen/aachen_0_1_gtFine_labelIds.png`.
enum TownPairing {
  private static let imageEnding = "_leftImg8bit"
  private static let maskEndings = ["_gtFine_labelIds", "_gtCoarse_labelIds"]

  /// The pairs of a split in the order of their names, and all that lack a partner.
  static func find(_ split: DatasetDescription.FileSplit, root: String, file: String) -> FilePairs {
    var found = FilePairs()
    let key = "splits.\(split.name)"
    func files(_ folder: String, _ name: String) -> [String]? {
      guard let names = FolderTree.pictures(folder, root: root) else {
        found.problems.append(.missingFolder(path: "\(root)/\(folder)", key: "\(key).\(name)", file: file))
        return nil
      }
      return names
    }
    let imageFiles = files(split.images, "images")
    let maskFiles = files(split.masks, "masks")
    guard let imageFiles, let maskFiles else { return found }
    var masks: [String: String] = [:]
    for path in maskFiles {
      let stem = path.withoutFileExtension
      // Beside the label ids lie colours, instances and polygons of the same frame.
      for ending in maskEndings where stem.hasSuffix(ending) {
        masks[String(stem.dropLast(ending.count))] = path
      }
    }
    for path in imageFiles {
      let stem = path.withoutFileExtension
      guard stem.hasSuffix(imageEnding) else {
        found.problems.append(.format(.townImage(image: "\(split.images)/\(path)")))
        continue
      }
      let frame = String(stem.dropLast(imageEnding.count))
      if let mask = masks.removeValue(forKey: frame) {
        found.pairs.append(FilePair(image: "\(split.images)/\(path)", mask: .file("\(split.masks)/\(mask)")))
      } else {
        found.problems.append(
          .imageWithoutMask(
            image: "\(split.images)/\(path)", mask: "\(split.masks)/\(frame)\(maskEndings[0]).png"))
      }
    }
    found.problems += masks.values.sorted().map {
      DatasetError.maskWithoutImage(mask: "\(split.masks)/\($0)", folder: split.images)
    }
    return found
  }
}

/// The pictures in a folder and in its folders.
enum FolderTree {
  /// Their paths below the folder, sorted; `nil` where there is no such folder.
  static func pictures(_ folder: String, root: String) -> [String]? {
    let path = folder == "." ? root : "\(root)/\(folder)"
    guard DataRoot.isFolder(path), let all = FileManager.default.enumerator(atPath: path) else { return nil }
    return all.compactMap { $0 as? String }.filter {
      FilePairing.isPicture($0.fileName)
    }
    .sorted()
  }
}
