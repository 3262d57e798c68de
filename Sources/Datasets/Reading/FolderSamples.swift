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
  init(
    _ split: DatasetDescription.FolderSplit, roots: [String], classes named: [String], file: String
  ) throws(DatasetError) {
    root = try DataRoot.first(of: roots, file: file)
    let folder = split.images == "." ? root : "\(root)/\(split.images)"
    guard DataRoot.isFolder(folder) else {
      throw .missingFolder(path: folder, key: "splits.\(split.name).images", file: file)
    }
    let prefix = split.images == "." ? "" : "\(split.images)/"
    let found = Self.content(folder).filter { DataRoot.isFolder("\(folder)/\($0)") }
    classes = named.isEmpty ? found : named
    guard !classes.isEmpty else { throw .noClassFolders(folder: folder, file: file) }
    guard classes.count <= DatasetDescription.largestClassCount else {
      throw .classFolders(folder: folder, found: classes.count, limit: DatasetDescription.largestClassCount)
    }
    var (paths, labels) = ([String](), [Int]())
    for (label, name) in classes.enumerated() {
      guard DataRoot.isFolder("\(folder)/\(name)") else {
        throw .missingFolder(path: "\(folder)/\(name)", key: "classes", file: file)
      }
      let images = Self.content("\(folder)/\(name)").filter {
        FilePairing.extensions.contains(($0 as NSString).pathExtension.lowercased())
      }
      guard !images.isEmpty else { throw .emptyClass(folder: "\(folder)/\(name)") }
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

  func sample(at index: Int) throws(DatasetError) -> Sample {
    do throws(ImageError) {
      return Sample(image: try ImageReader.read("\(root)/\(paths[index])").rgb8(), label: labels[index])
    } catch {
      throw .image(error)
    }
  }
}
