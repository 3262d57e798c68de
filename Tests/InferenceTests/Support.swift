import Files
import Foundation
import Graphs
import Images
import Inference
import Segmentation
import TensorCore
import Weights

/// Calls `body` with a folder that is removed afterwards.
func withFolder(_ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("inference-\(UUID().uuidString)")
    .path
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try body(folder)
}

/// The text of the error that `body` throws.
func message(_ body: () throws -> some Any) -> String {
  do {
    _ = try body()
    return "no error"
  } catch {
    return "\(error)"
  }
}

/// Any picture of the given channels; 16-bit samples when `wide`.
func picture(_ width: Int, _ height: Int, channels: Int = 3, wide: Bool = false) -> Raster {
  var random = RandomStream(seed: UInt64(width * 1000 + height * 10 + channels))
  let count = width * height * channels
  let samples: Raster.Samples =
    wide
    ? .sixteen((0..<count).map { _ in UInt16(truncatingIfNeeded: random.next()) })
    : .eight((0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) })
  return Raster(width: width, height: height, channels: channels, samples: samples)
}

/// A U-Net of width 2 and depth 2 with random parameters, for three classes.
enum SmallNetwork {
  static let arguments = ["width": "2", "depth": "2", "classes": "3"]

  static func graph(_ arguments: [String: String] = arguments) throws -> Graph {
    try NetworkRegistry.graph("unet", arguments: arguments)
  }

  static func checkpoint() throws -> Checkpoint {
    var checkpoint = Checkpoint(
      architecture: "unet", parameters: try graph().initialParameters(seed: 11))
    checkpoint.arguments = arguments
    checkpoint.classes = ["ground", "water", "sky"]
    checkpoint.palette = [[1, 2, 3], [250, 128, 0], [9, 99, 199]]
    checkpoint.normalization = .unit
    return checkpoint
  }

  static func model(_ checkpoint: Checkpoint? = nil, threads: Int = 2) throws -> LoadedModel {
    try LoadedModel(
      name: "small.safetensors", graph: try graph(), checkpoint: try checkpoint ?? self.checkpoint(),
      pool: ThreadPool(threads: threads))
  }

  static func predictor(_ checkpoint: Checkpoint? = nil, threads: Int = 2) throws -> Predictor {
    try Predictor(try model(checkpoint, threads: threads), pool: ThreadPool(threads: threads))
  }
}

extension ResultFile {
  /// All bytes of the file.
  func bytes() throws -> [UInt8] {
    var all: [UInt8] = []
    try write { all.append(contentsOf: $0) }
    return all
  }
}
