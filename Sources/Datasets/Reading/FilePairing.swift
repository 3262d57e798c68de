import Foundation

/// An image and its mask, as paths below the data's root.
struct FilePair: Sendable, Equatable {
  let image: String
  let mask: String
}

/// Finds the image and the mask that belong together by their stems.
enum FilePairing {
  /// What names of images and masks end in.
  static let extensions: Set<String> = ["png", "jpg", "jpeg"]

  /// The pairs of a split, in the order of their stems.
  static func pairs(
    _ split: DatasetDescription.FileSplit, root: String, file: String
  ) throws(DatasetError) -> [FilePair] {
    let key = "splits.\(split.name)"
    var images = try stems(split.images, root: root, key: "\(key).images", file: file)
    var masks: [String: String] = [:]
    for (stem, path) in try stems(split.masks, root: root, key: "\(key).masks", file: file) {
      // With images and masks in one folder, what lacks the suffix is an image.
      if stem.hasSuffix(split.suffix) { masks[String(stem.dropLast(split.suffix.count))] = path }
    }
    if split.images == split.masks && !split.suffix.isEmpty {
      images = images.filter { !$0.key.hasSuffix(split.suffix) }
    }
    for (name, list) in [("only", split.only ?? []), ("except", split.except)] {
      if let stem = list.first(where: { images[$0] == nil && masks[$0] == nil }) {
        throw .unknownStem(file: file, key: "\(key).\(name)", stem: stem, folder: split.images)
      }
    }
    let only = split.only.map(Set.init)
    let except = Set(split.except)
    let belongs = { (stem: String) in only?.contains(stem) ?? true && !except.contains(stem) }
    var pairs: [FilePair] = []
    for stem in Set(images.keys).union(masks.keys).filter(belongs).sorted() {
      switch (images[stem], masks[stem]) {
      case (let image?, let mask?): pairs.append(FilePair(image: image, mask: mask))
      case (let image?, nil):
        throw .imageWithoutMask(image: image, mask: "\(split.masks)/\(stem)\(split.suffix).png")
      case (nil, let mask?): throw .maskWithoutImage(mask: mask, folder: split.images)
      case (nil, nil): break
      }
    }
    if pairs.isEmpty { throw .emptySplit(file: file, split: split.name, folder: split.images) }
    return pairs
  }

  /// The pictures of a folder below the root, by stem.
  private static func stems(
    _ folder: String, root: String, key: String, file: String
  ) throws(DatasetError) -> [String: String] {
    let path = "\(root)/\(folder)"
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      throw .missingFolder(path: path, key: key, file: file)
    }
    var stems: [String: String] = [:]
    for name in names.sorted() where !name.hasPrefix(".") {
      let parts = name as NSString
      guard extensions.contains(parts.pathExtension.lowercased()) else { continue }
      let display = folder == "." ? name : "\(folder)/\(name)"
      if let other = stems.updateValue(display, forKey: parts.deletingPathExtension) {
        throw .sameStem(first: other, second: display)
      }
    }
    return stems
  }
}
