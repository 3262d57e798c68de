import Foundation

/// Finds the image and the mask that belong together by their stems.
enum FilePairing {
  /// What names of images and masks end in.
  static let extensions: Set<String> = ["png", "jpg", "jpeg"]

  /// The pairs of a split in the order of their stems, and all that lack a partner.
  static func find(_ split: DatasetDescription.FileSplit, root: String, file: String) -> FilePairs {
    let key = "splits.\(split.name)"
    var found = FilePairs()
    let imageFolder = folder(split.images, root: root, key: "\(key).images", file: file, &found.problems)
    let maskFolder = folder(split.masks, root: root, key: "\(key).masks", file: file, &found.problems)
    guard var images = imageFolder, let maskFolder else { return found }
    var masks: [String: String] = [:]
    for (stem, path) in maskFolder where stem.hasSuffix(split.suffix) {
      // With images and masks in one folder, what lacks the suffix is an image.
      masks[String(stem.dropLast(split.suffix.count))] = path
    }
    if split.images == split.masks && !split.suffix.isEmpty {
      images = images.filter { !$0.key.hasSuffix(split.suffix) }
    }
    for (name, list) in [("only", split.only ?? []), ("except", split.except)] {
      found.problems += list.filter { images[$0] == nil && masks[$0] == nil }.map {
        DatasetError.unknownStem(file: file, key: "\(key).\(name)", stem: $0, folder: split.images)
      }
    }
    let only = split.only.map(Set.init)
    let except = Set(split.except)
    let belongs = { (stem: String) in only?.contains(stem) ?? true && !except.contains(stem) }
    for stem in Set(images.keys).union(masks.keys).filter(belongs).sorted() {
      switch (images[stem], masks[stem]) {
      case (let image?, let mask?): found.pairs.append(FilePair(image: image, mask: .file(mask)))
      case (let image?, nil):
        found.problems.append(
          .imageWithoutMask(image: image, mask: "\(split.masks)/\(stem)\(split.suffix).png"))
      case (nil, let mask?): found.problems.append(.maskWithoutImage(mask: mask, folder: split.images))
      case (nil, nil): break
      }
    }
    return found
  }

  /// The pictures of a folder below the root, by stem; `nil` where there is no such folder.
  static func folder(
    _ folder: String, root: String, key: String, file: String, _ problems: inout [DatasetError]
  ) -> [String: String]? {
    let path = "\(root)/\(folder)"
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      problems.append(.missingFolder(path: path, key: key, file: file))
      return nil
    }
    var stems: [String: String] = [:]
    for name in names.sorted() where isPicture(name) {
      let display = folder == "." ? name : "\(folder)/\(name)"
      let stem = name.withoutFileExtension
      if let other = stems[stem] {
        problems.append(.sameStem(first: other, second: display))
      } else {
        stems[stem] = display
      }
    }
    return stems
  }

  /// Whether a name is that of a picture which is not hidden.
  static func isPicture(_ name: String) -> Bool {
    !name.hasPrefix(".") && extensions.contains(name.fileExtension.lowercased())
  }
}
