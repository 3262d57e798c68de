import Foundation

/// Images with several masks, each of one class or of one object.
enum LayerPairing {
  /// The images of a split with their layers, in the order of the patterns and then of the names.
  ///
  /// A class without a file is not in the picture; an image without any file lacks its mask.
  static func find(
    _ split: DatasetDescription.FileSplit, _ patterns: [DatasetDescription.LayerPattern], root: String,
    file: String
  ) -> FilePairs {
    var found = FilePairs()
    let key = "splits.\(split.name)"
    let images = FilePairing.folder(
      split.images, root: root, key: "\(key).images", file: file, &found.problems)
    guard let names = FolderTree.pictures(split.masks, root: root) else {
      found.problems.append(.missingFolder(path: "\(root)/\(split.masks)", key: "\(key).masks", file: file))
      return found
    }
    guard var images else { return found }
    // With images and masks in one folder, what a pattern claims is no image.
    if split.images == split.masks {
      let stems = Set(images.keys)
      images = images.filter { image in
        !patterns.contains { $0.stem(of: image.value.fileName, stems) != nil }
      }
    }
    let stems = Set(images.keys)
    let own = split.images == split.masks ? Set(images.values.map { $0.fileName }) : []
    var layers: [String: [Int: [String]]] = [:]
    for name in names where !own.contains(name) {
      let claims = patterns.indices.compactMap { index in
        patterns[index].stem(of: name, stems).map { (index: index, stem: $0) }
      }
      if let claim = claims.first {
        layers[claim.stem, default: [:]][claim.index, default: []].append("\(split.masks)/\(name)")
      } else {
        found.problems.append(.maskWithoutImage(mask: "\(split.masks)/\(name)", folder: split.images))
      }
    }
    for stem in images.keys.sorted() {
      guard let image = images[stem] else { continue }
      guard let own = layers[stem] else {
        found.problems.append(
          .imageWithoutMask(image: image, mask: "\(split.masks)/\(patterns[0].example(of: stem))"))
        continue
      }
      let files = patterns.indices.flatMap { index in
        (own[index] ?? []).map { MaskLayer(path: $0, label: patterns[index].label) }
      }
      found.pairs.append(FilePair(image: image, mask: .layers(files)))
    }
    return found
  }
}

extension DatasetDescription.LayerPattern {
  /// The stem of an image, one of `stems`, whose layer a file is; `nil` where there is none.
  func stem(of path: String, _ stems: Set<String>) -> String? {
    guard path.hasPrefix(prefix) else { return nil }
    let rest = path.dropFirst(prefix.count)
    guard let end else {
      guard rest.hasSuffix(middle) else { return nil }
      let stem = String(rest.dropLast(middle.count))
      return stems.contains(stem) ? stem : nil
    }
    guard rest.hasSuffix(end), rest.count >= middle.count + end.count else { return nil }
    let head = rest.dropLast(end.count)
    // The stem may hold what stands behind it: the longest that an image has is meant.
    var longest: String?
    for index in head.indices where head[index...].hasPrefix(middle) {
      let stem = String(head[..<index])
      if stems.contains(stem) { longest = stem }
    }
    return longest
  }

  /// A file that would be the layer of an image.
  func example(of stem: String) -> String { prefix + stem + middle + (end.map { "1" + $0 } ?? "") }
}
