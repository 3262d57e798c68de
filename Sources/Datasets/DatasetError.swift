import Augmentation
import Files
import Images

/// Why a dataset could not be described, opened, read or written.
public enum DatasetError: Error, Equatable, CustomStringConvertible {
  /// A file could not be read or written.
  case file(FileError)
  /// An image or mask could not be read.
  case image(ImageError)
  /// A description or recipe is not YAML; `line` counts from 1.
  case notYAML(file: String, line: Int?, problem: String)
  /// A value that stands for one elsewhere in the file.
  case alias(file: String, line: Int, name: String)
  /// A key that means nothing there; `key` is dotted.
  case unknownKey(file: String, key: String, known: [String])
  /// A key that must be there and is not.
  case missingKey(file: String, key: String, expected: String)
  /// A value of the wrong kind or outside of its range.
  case wrongValue(file: String, key: String, expected: String, found: String)
  /// None of the folders that may hold the data is there.
  case noRoot(file: String, looked: [String])
  /// A folder of a split is not there.
  case missingFolder(path: String, key: String, file: String)
  /// No such split; `existing` are those that the description has.
  case unknownSplit(file: String, split: String, existing: [String])
  /// A split without samples.
  case emptySplit(file: String, split: String, folder: String)
  /// An image that has no mask.
  case imageWithoutMask(image: String, mask: String)
  /// A mask that has no image.
  case maskWithoutImage(mask: String, folder: String)
  /// Two files of one folder with the same stem.
  case sameStem(first: String, second: String)
  /// A name in `only` or `except` that no image has.
  case unknownStem(file: String, key: String, stem: String, folder: String)
  /// A mask of another size than its image.
  case maskSize(mask: String, image: String, expected: PixelSize, found: PixelSize)
  /// Values or colours in a mask that stand for no class, in their order.
  case labels(mask: String, expected: String, found: [LabelCount], file: String)
  /// Masks of two classes that hold 0 and 255 alone, where 255 is ignored; `line` is a map that makes it a class.
  case onlyIgnored(image: String, line: String, file: String)
  /// A description that a label map cannot be written into; `line` is the map.
  case cannotInsert(file: String, line: String)
  /// Lists and annotations that cannot be followed.
  case format(FormatProblem)
  /// Datasets that are to be mixed name different classes.
  case differentClasses(first: String, classes: [String], second: String, others: [String])
  /// Datasets that are to be mixed, of which one has masks and the other a class for each image.
  case differentTruths(first: String, second: String, expected: Sample.TruthKind)
  /// A folder of class folders without any.
  case noClassFolders(folder: String, file: String)
  /// A folder of a class whose name cannot be shown.
  case controlCharacters(folder: String, name: String, file: String)
  /// A class without images.
  case emptyClass(folder: String)
  /// More classes than there may be.
  case classFolders(folder: String, found: Int, limit: Int)
  /// An IDX file of another kind; numbers are the first four bytes, `nil` for a file that has fewer.
  case idxKind(file: String, expected: UInt32, found: UInt32?)
  /// An IDX file whose header asks for nothing, or for more than there may be.
  case idxSize(file: String, sides: [Int], limit: Int)
  /// An IDX file that ends before or after the bytes that its header asks for.
  case idxLength(file: String, expected: Int, isLonger: Bool)
  /// Gzip data that cannot be inflated or does not match its checksum.
  case gzip(file: String)
  /// IDX files of images and of labels that do not belong together.
  case idxCounts(images: String, count: Int, labels: String, labelCount: Int)
  /// A label of an IDX file that no class has.
  case idxLabel(file: String, index: Int, found: Int, classes: Int)
  /// A part of an IDX file that reaches beyond its end.
  case idxRange(file: String, split: String, from: Int, count: Int?, available: Int)
  /// Samples of one batch differ in size.
  case batchSizes(first: String, size: PixelSize, second: String, other: PixelSize)
  /// A scene that no generator draws.
  case unknownScene(name: String, known: [String])
  /// A number of scenes or a size outside of its range.
  case sceneArgument(name: String, found: Int, lower: Int, upper: Int)
  /// A folder that scenes were to be written to holds pictures already.
  case outputInUse(folder: String)

  /// Where, what was expected, what was found, how to mend it.
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .image(let error): error.description
    case .notYAML(let file, let line, let problem):
      "\(file)\(line.map { ":\($0)" } ?? ""): expected YAML, found: \(problem)"
    case .alias(let file, let line, let name):
      "\(file):\(line): expected values written out, found the alias '*\(name)'; put the value in its place"
    case .unknownKey(let file, let key, let known):
      "\(file): expected one of the keys \(known.joined(separator: ", ")), found '\(key)'; "
        + "correct its spelling or remove it"
    case .missingKey(let file, let key, let expected):
      "\(file): expected '\(key)' (\(expected)), found no such key; add it"
    case .wrongValue(let file, let key, let expected, let found):
      "\(file): expected \(expected) under '\(key)', found \(found)"
    default: dataDescription ?? classDescription
    }
  }

  /// The messages about the data itself.
  private var dataDescription: String? {
    switch self {
    case .noRoot(let file, let looked):
      "\(file): expected the data in \(looked.isEmpty ? "a folder" : looked.joined(separator: " or ")), "
        + "found no such folder; set TESSERA_DATA to the folder that holds it or change 'root:'"
    case .missingFolder(let path, let key, let file):
      "\(path): expected a folder, found none; correct '\(key)' in \(file)"
    case .unknownSplit(let file, let split, let existing):
      "\(file): expected one of the splits \(existing.joined(separator: ", ")), found '\(split)'"
    case .emptySplit(let file, let split, let folder):
      "\(folder): expected images (.png, .jpg, .jpeg) for split '\(split)' of \(file), found none"
    case .imageWithoutMask(let image, let mask):
      "\(image): expected its mask \(mask), found none; add it or list the image under 'except:'"
    case .maskWithoutImage(let mask, let folder):
      "\(mask): expected an image of that name in \(folder), found none; add it or remove the mask"
    case .sameStem(let first, let second):
      "\(second): expected one file of that name, found \(first) too; rename or remove one"
    case .unknownStem(let file, let key, let stem, let folder):
      "\(file): expected names of images in \(folder) under '\(key)', found '\(stem)'"
    case .maskSize(let mask, let image, let expected, let found):
      "\(mask): expected a mask of \(expected) as its image, found \(found); export it at the size of \(image)"
    case .labels(let mask, let expected, let found, let file):
      "\(mask): expected labels \(expected), found \(Self.text(found)); "
        + "map \(found.count == 1 ? "it" : "them") under 'labels:' in \(file)"
    case .onlyIgnored(let image, let line, let file):
      "\(image): expected masks with both classes, found 0 and 255 alone in this one and all others, of which 255 is "
        + "ignored; write '\(line)' into \(file) if 255 is the class 1"
    case .cannotInsert(let file, let line):
      "\(file): expected 'labels:' or 'splits:' at the start of a line, found neither; add '\(line)' by hand"
    case .format(let problem): problem.description
    case .differentClasses(let first, let classes, let second, let others):
      "\(second): expected the classes of \(first) (\(classes.joined(separator: ", "))), "
        + "found \(others.joined(separator: ", ")); give all the same classes in one order"
    case .batchSizes(let first, let size, let second, let other):
      "\(second): expected \(size) as \(first) in the same batch, found \(other); "
        + "add 'crop' or 'resize' under 'augment:' (after 'rotate90', or square), or use a batch of 1"
    case .unknownScene(let name, let known):
      "scenes: expected one of \(known.joined(separator: ", ")), found '\(name)'"
    case .sceneArgument(let name, let found, let lower, let upper):
      "\(name): expected a whole number in \(lower)…\(upper), found \(found)"
    case .outputInUse(let folder):
      "\(folder): expected an empty folder to write scenes to, found pictures; choose another with --output"
    default: nil
    }
  }

  /// `12 in 340 pixels, 99 in 1 pixel`; of many the first ones.
  private static func text(_ counts: [LabelCount]) -> String {
    let shown = counts.prefix(8).map { "\($0.value) in \($0.pixels) pixel\($0.pixels == 1 ? "" : "s")" }
    let rest = counts.count > 8 ? " and \(counts.count - 8) more" : ""
    return shown.joined(separator: ", ") + rest
  }
}

/// A width and a height in pixels.
public struct PixelSize: Sendable, Hashable, CustomStringConvertible {
  /// Width in pixels.
  public var width: Int
  /// Height in pixels.
  public var height: Int

  /// A size in pixels.
  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  /// `480x360`, the width first, as picture viewers show it.
  public var description: String { "\(width)x\(height)" }
}
