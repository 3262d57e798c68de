import Augmentation
import Datasets
import Files
import Foundation
import Images

/// A folder of a test's own, removed with this object.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("datasets-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes an image whose red channel is `value` everywhere but in its first pixel, which is 0.
  func image(_ name: String, width: Int = 4, height: Int = 3, value: UInt8 = 50) throws {
    var samples = [UInt8](repeating: value, count: width * height * 3)
    samples[0] = 0
    let raster = Raster(width: width, height: height, channels: 3, samples: .eight(samples))
    try DurableFile.write(try PictureWriter.png(raster), to: "\(path)/\(name)")
  }

  /// Writes a mask; without labels all pixels are of class 0.
  func mask(_ name: String, width: Int = 4, height: Int = 3, labels: [UInt8]? = nil) throws {
    let mask = Mask(
      width: width, height: height, labels: labels ?? [UInt8](repeating: 0, count: width * height))
    try DurableFile.write(try MaskWriter.png(mask), to: "\(path)/\(name)")
  }

  /// Writes a text.
  func text(_ name: String, _ text: String) throws {
    try DurableFile.write(Array(text.utf8), to: "\(path)/\(name)")
  }

  /// Writes `set.yaml` for classes a, b and c with the given extra lines and opens its split `all`.
  func dataset(_ extra: String = "", split: String = "masks: masks", name: String = "all") throws -> Dataset {
    try text(
      "set.yaml",
      """
      name: set
      classes: [a, b, c]
      \(extra)
      splits:
        all: {images: images, \(split)}
      """)
    return try Dataset(try DatasetDescription.read("\(path)/set.yaml"), split: name)
  }
}

/// A source in memory whose sample `index` has gray value and label `index`; its width is 4 + index when uneven.
struct CountingSource: SampleSource {
  var title = "counting"
  var classes = ["a", "b"]
  var count = 10
  var uneven = false
  var broken: Int?

  func name(at index: Int) -> String { "\(title)/\(index)" }

  func sample(at index: Int) throws(DatasetError) -> Sample {
    if index == broken { throw .file(.notFound(path: name(at: index))) }
    let width = uneven ? 4 + index : 4
    return Sample(
      image: Raster(
        width: width, height: 4, channels: 3,
        samples: .eight([UInt8](repeating: UInt8(index), count: width * 12))),
      mask: Mask(width: width, height: 4, labels: [UInt8](repeating: UInt8(index), count: width * 4)))
  }
}

/// The folder of the real data beside the project, if there is one.
let sharedData: String? = {
  if let path = ProcessInfo.processInfo.environment["TESSERA_DATA"], isFolder(path) { return path }
  var folder = URL(fileURLWithPath: #filePath)
  while folder.path != "/" {
    folder.deleteLastPathComponent()
    let candidate = folder.appendingPathComponent("shared/data").path
    if isFolder(candidate) { return candidate }
  }
  return nil
}()

/// The folder of the dataset descriptions that the project ships.
let descriptions = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  .appendingPathComponent("Datasets").path

private func isFolder(_ path: String) -> Bool {
  var isFolder: ObjCBool = false
  return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
}

/// The text of the dataset error that `body` throws; what else happened otherwise.
func message(_ body: () throws -> some Any) -> String {
  do {
    _ = try body()
    return "no error"
  } catch let error as DatasetError {
    return error.description
  } catch {
    return "another error: \(error)"
  }
}

extension Sample {
  /// The labels of the mask.
  var labels: [UInt8] { mask?.labels ?? [] }
}
