import Augmentation
import Foundation
import Images

/// The samples of a split in IDX files: small gray images, all in memory.
struct IDXSamples: Sendable {
  let count: Int
  private let images: String
  private let first: Int
  private let width: Int
  private let height: Int
  /// Those of the split alone.
  private let pixels: [UInt8]
  private let labels: [UInt8]

  /// Reads the split's files.
  init(
    _ split: DatasetDescription.IDXSplit, roots: [String], classes: Int, file: String
  ) throws(DatasetError) {
    let root = try DataRoot.first(of: roots, file: file)
    let (imageFile, labelFile) = (Self.path(split.images, root), Self.path(split.labels, root))
    let images = try IDXFile.images(imageFile)
    let labels = try IDXFile.labels(labelFile)
    let size = images.width * images.height
    let available = images.pixels.count / size
    guard labels.count == available else {
      throw .idxCounts(images: imageFile, count: available, labels: labelFile, labelCount: labels.count)
    }
    if let index = labels.firstIndex(where: { Int($0) >= classes }) {
      throw .idxLabel(file: labelFile, index: index, found: Int(labels[index]), classes: classes)
    }
    let count = split.count ?? max(0, available - split.from)
    guard count > 0, split.from <= available, count <= available - split.from else {
      throw .idxRange(
        file: file, split: split.name, from: split.from, count: split.count, available: available)
    }
    let range = split.from..<split.from + count
    let isWhole = count == available
    self.images = split.images
    (self.count, first, width, height) = (count, split.from, images.width, images.height)
    pixels = isWhole ? images.pixels : Array(images.pixels[range.lowerBound * size..<range.upperBound * size])
    self.labels = isWhole ? labels : Array(labels[range])
  }

  /// The file of that name, or else that of the name with `.gz`.
  private static func path(_ name: String, _ root: String) -> String {
    let path = "\(root)/\(name)"
    let packed = path + ".gz"
    return !FileManager.default.fileExists(atPath: path) && FileManager.default.fileExists(atPath: packed)
      ? packed : path
  }

  /// `train-images-idx3-ubyte[17]`.
  func name(at index: Int) -> String { "\(images)[\(first + index)]" }

  /// The image in red, green and blue alike, with its label.
  func sample(at index: Int) -> Sample {
    let size = width * height
    let rgb = [UInt8](unsafeUninitializedCapacity: 3 * size) { target, filled in
      for pixel in 0..<size {
        let gray = pixels[index * size + pixel]
        (target[3 * pixel], target[3 * pixel + 1], target[3 * pixel + 2]) = (gray, gray, gray)
      }
      filled = 3 * size
    }
    return Sample(
      image: Raster(width: width, height: height, channels: 3, samples: .eight(rgb)),
      label: Int(labels[index]))
  }
}
