import Files
import Foundation
import Images
import Segmentation
import TensorCore
import Testing
import Weights

/// A folder of a test's own with pictures, weights and a dataset; removed with this object.
final class Workplace {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("command-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try checkpoint("w.safetensors")
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Runs the program here.
  func segment(_ arguments: String..., input: [UInt8] = []) throws -> Segment.Outcome {
    try Segment.run(arguments, in: path, input: input)
  }

  func write(_ bytes: [UInt8], _ name: String) throws { try DurableFile.write(bytes, to: "\(path)/\(name)") }

  func write(_ text: String, _ name: String) throws { try write(Array(text.utf8), name) }

  func read(_ name: String) -> [UInt8]? {
    FileManager.default.contents(atPath: "\(path)/\(name)").map(Array.init)
  }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(name)") }

  /// Every file below the folder, sorted.
  var files: [String] {
    let all = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    return all.filter { name in
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: "\(path)/\(name)", isDirectory: &isFolder)
        && !isFolder.boolValue
    }.sorted()
  }

  /// A picture of any content; its name says whether it is PNG or JPEG.
  func picture(_ name: String, width: Int = 17, height: Int = 11) throws {
    try PictureWriter.write(Self.raster(width, height), to: "\(path)/\(name)")
  }

  static func raster(_ width: Int = 17, _ height: Int = 11) -> Raster {
    var random = RandomStream(seed: 7)
    let samples = (0..<width * height * 3).map { _ in UInt8(random.below(256)) }
    return Raster(width: width, height: height, channels: 3, samples: .eight(samples))
  }

  /// Weights of a U-Net of width 2 for two classes with random parameters, which say what they are.
  func checkpoint(_ name: String, depth: Int = 1, isForeign: Bool = false) throws {
    let arguments = ["width": "2", "depth": "\(depth)", "classes": "2"]
    let graph = try NetworkRegistry.graph("unet", arguments: arguments)
    var checkpoint = Checkpoint(
      architecture: isForeign ? nil : "unet", parameters: try graph.initialParameters(seed: 4))
    if !isForeign {
      checkpoint.arguments = arguments
      checkpoint.classes = ["ground", "block"]
      checkpoint.palette = [[0, 0, 0], [255, 128, 0]]
    }
    try checkpoint.write(to: "\(path)/\(name)")
  }

  /// A dataset of four pictures of 16 × 16 pixels with a bright half of class 1, `set.yaml`, and a recipe for it,
  /// `recipe.yaml`; `label` is that of the bright half, `maskHeight` that of the masks.
  func dataset(label: UInt8 = 1, maskHeight: Int = 16, recipeLines: String = "") throws {
    for index in 0..<4 {
      let edge = 4 + 2 * index
      let samples = (0..<256 * 3).map { UInt8($0 / 3 % 16 < edge ? 200 + $0 % 7 : 20 + $0 % 11) }
      let mask = Mask(
        width: 16, height: maskHeight, labels: (0..<16 * maskHeight).map { $0 % 16 < edge ? label : 0 })
      try PictureWriter.write(
        Raster(width: 16, height: 16, channels: 3, samples: .eight(samples)),
        to: "\(path)/images/\(index).png")
      try MaskWriter.write(mask, to: "\(path)/masks/\(index).png")
    }
    try write(
      """
      name: halves
      licence: CC0
      classes: [ground, block]
      root: .
      splits:
        train: {images: images, masks: masks}
        val: {images: images, masks: masks, only: ["0", "3"]}
      """, "set.yaml")
    try write(
      """
      name: tiny
      model: {name: unet, width: 2, depth: 1}
      data: {dataset: set.yaml}
      validation: {dataset: set.yaml}
      batch: 2
      epochs: 2
      optimiser: {name: adam, rate: 0.01}
      \(recipeLines)
      """, "recipe.yaml")
  }
}

/// Expects what every failure looks like: status 1, one line on standard error, nothing on standard output, no file.
func expectFailure(
  _ place: Workplace, _ arguments: String..., input: [UInt8] = [], says expected: String,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let before = place.files
  let outcome = try Segment.run(arguments, in: place.path, input: input)
  #expect(outcome.status == 1, sourceLocation: sourceLocation)
  #expect(outcome.error == "Error: \(expected)\n", sourceLocation: sourceLocation)
  #expect(outcome.output.isEmpty, sourceLocation: sourceLocation)
  #expect(place.files == before, sourceLocation: sourceLocation)
}

/// The JSON value that a text is.
func json(_ outcome: Segment.Outcome) throws -> [String: Any] {
  try #require(try JSONSerialization.jsonObject(with: Data(outcome.output)) as? [String: Any])
}
