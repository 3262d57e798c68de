import Augmentation

extension DatasetError {
  /// The messages about images that have one class each.
  var classDescription: String {
    switch self {
    case .differentTruths(let first, let second, let expected):
      "\(second): expected \(Self.text(expected)) as \(first) has, found the other kind; do not mix the two"
    case .noClassFolders(let folder, let file):
      "\(folder): expected a folder for each class, found none; correct 'images' in \(file)"
    case .controlCharacters(let folder, let name, let file):
      "\(folder): expected names of classes without control characters, found '\(name)'; rename the folder, or list "
        + "others under 'classes:' in \(file)"
    case .emptyClass(let folder):
      "\(folder): expected images (.png, .jpg, .jpeg) of the class, found none; add some or remove the class"
    case .classFolders(let folder, let found, let limit):
      "\(folder): expected 1…\(limit) folders of classes, found \(found)"
    case .idxKind(let file, let expected, let found):
      "\(file): expected an IDX file of \(expected == IDXFile.imageKind ? "images" : "labels") "
        + "(\(Self.hexadecimal(expected))), found \(found.map(Self.hexadecimal) ?? "fewer than four bytes"); "
        + "check that this is the right file"
    case .idxSize(let file, let sides, let limit):
      "\(file): expected sizes of at least 1 and \(limit) bytes together at most, found "
        + "\(sides.map(String.init).joined(separator: " × ")); check that this is the right file"
    case .idxLength(let file, let expected, let isLonger):
      "\(file): expected \(expected) bytes of data, as its header says, found "
        + "\(isLonger ? "more" : "fewer"); copy it again"
    case .gzip(let file):
      "\(file): expected gzip data, found damaged ones; copy it again"
    case .idxCounts(let images, let count, let labels, let labelCount):
      "\(labels): expected \(count) labels, one for each image of \(images), found \(labelCount); take files of one set"
    case .idxLabel(let file, let index, let found, let classes):
      "\(file): expected labels 0…\(classes - 1), found \(found) at \(index); name all classes under 'classes:'"
    case .idxRange(let file, let split, let from, let count, let available):
      "\(file): expected a part of \(available) images under 'splits.\(split)', found "
        + "\(count.map { "\($0)" } ?? "the rest") from \(from); correct 'from' and 'count'"
    default: ""
    }
  }

  private static func text(_ kind: Sample.TruthKind) -> String {
    kind == .mask ? "masks" : "a class for each image"
  }

  /// `0x00000803`.
  private static func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
  }
}
