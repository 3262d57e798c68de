import Augmentation
import Foundation
import Images

/// The samples of a split that lie in a folder for each class.
struct FolderSamples: Sendable {
  let root: String
  let classes: [String]
  /// Below the root, `train/cat/17.jpg`.
  let paths: [String]
  private let labels: [Int]

  /// Lists the images of every class: those that the description names, or all folders in the order of their names.
  /// Classes without a folder or without images are added to `problems`.
  init(
    _ split: DatasetDescription.FolderSplit, roots: [String], classes named: [String], file: String,
    problems: inout [DatasetError]
  ) throws(DatasetError) {
    let root = try DataRoot.first(of: roots, file: file)
    self.root = root
    let folder = split.images == "." ? root : "\(root)/\(split.images)"
    guard DataRoot.isFolder(folder) else {
      throw .missingFolder(path: folder, key: "splits.\(split.name).images", file: file)
    }
    let prefix = split.images == "." ? "" : "\(split.images)/"
    let found = Self.content(folder).filter { DataRoot.isFolder("\(folder)/\($0)") }
    classes = named.isEmpty ? found : named
    if let name = classes.first(where: \.hasControlCharacters) {
      throw .controlCharacters(folder: folder, name: name, file: file)
    }
    guard !classes.isEmpty else { throw .noClassFolders(folder: folder, file: file) }
    guard classes.count <= DatasetDescription.largestClassCount else {
      throw .classFolders(folder: folder, found: classes.count, limit: DatasetDescription.largestClassCount)
    }
    var (paths, labels) = ([String](), [Int]())
    for (label, name) in classes.enumerated() {
      guard DataRoot.isFolder("\(folder)/\(name)") else {
        problems.append(.missingFolder(path: "\(folder)/\(name)", key: "classes", file: file))
        continue
      }
      let images = Self.content("\(folder)/\(name)").filter {
        FilePairing.extensions.contains($0.fileExtension.lowercased())
      }
      if images.isEmpty { problems.append(.emptyClass(folder: "\(folder)/\(name)")) }
      paths += images.map { "\(prefix)\(name)/\($0)" }
      labels += images.map { _ in label }
    }
    (self.paths, self.labels) = (paths, labels)
  }

  /// The names in a folder that are not hidden, in order.
  private static func content(_ folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
      .filter { !$0.hasPrefix(".") }.sorted()
  }

  /// Reads an image, which has the class of its folder.
  func read(_ index: Int) -> SampleReading {
    var reading = SampleReading()
    let path = "\(root)/\(paths[index])"
    reading.label = labels[index]
    reading.image = reading.attempt { () throws(DatasetError) in
      try MaskFile.picture(try MaskFile.contents(path), path).rgb8()
    }
    return reading
  }

  /// The bytes that all images take.
  var bytes: Int { paths.reduce(0) { $0 + DataRoot.bytes("\(root)/\($1)") } }

  /// What the header of an image's file says; pixels are not decoded.
  func readHeader(_ index: Int) -> [DatasetError] {
    let path = "\(root)/\(paths[index])"
    var reading = SampleReading()
    _ = reading.attempt { () throws(DatasetError) in
      do throws(ImageError) { return try ImageFile(path).header } catch { throw .image(error) }
    }
    return reading.problems
  }
}
