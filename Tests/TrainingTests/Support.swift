import Augmentation
import Datasets
import Foundation
import Graphs
import Images
import Layers
import Segmentation
import TensorCore
import Training

/// Calls `body` with a folder that is removed afterwards.
func withFolder(_ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("training-\(UUID().uuidString)")
    .path
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try body(folder)
}

/// The bytes of a file; none where there is none.
func bytes(_ path: String) -> [UInt8] { FileManager.default.contents(atPath: path).map(Array.init) ?? [] }

/// The text of the error that `body` throws.
func message(_ body: () throws -> some Any) -> String {
  do {
    _ = try body()
    return "no error"
  } catch {
    return "\(error)"
  }
}

/// The folder of the package.
let packageFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().path

/// Bright rectangles on dark ground, 16 × 16 pixels, of classes `ground` and `block`; drawn from the index alone.
struct BlockSource: SampleSource {
  var title = "blocks"
  var classes = ["ground", "block"]
  var count = 8
  /// The first index, so that training and validation differ.
  var first = 0
  /// A label that all pixels of the rectangle have.
  var label: UInt8 = 1

  func name(at index: Int) -> String { "\(title)/\(first + index)" }

  func sample(at index: Int) throws(DatasetError) -> Sample {
    let side = 16
    var random = RandomStream(seed: UInt64(first + index))
    func draw(_ limit: Int) -> Int { random.below(limit) }
    let (left, top, width, height) = (draw(8), draw(8), 4 + draw(5), 4 + draw(5))
    var rgb = [UInt8](repeating: 0, count: side * side * 3)
    var labels = [UInt8](repeating: 0, count: side * side)
    for pixel in 0..<side * side {
      let (x, y) = (pixel % side, pixel / side)
      let inside = (left..<left + width).contains(x) && (top..<top + height).contains(y)
      if inside { labels[pixel] = label }
      for channel in 0..<3 { rgb[pixel * 3 + channel] = UInt8((inside ? 180 : 30) + draw(40)) }
    }
    return Sample(
      image: Raster(width: side, height: side, channels: 3, samples: .eight(rgb)),
      mask: Mask(width: side, height: side, labels: labels))
  }
}

/// A recipe of the given lines after those that a U-Net of width 2 and depth 1 needs.
func blockRecipe(_ lines: String, epochs: Int = 4) throws -> Recipe {
  let text = """
    name: blocks
    model: {name: unet, width: 2, depth: 1}
    data: {dataset: blocks.yaml}
    batch: 4
    epochs: \(epochs)
    seed: 3
    \(lines)
    """
  return try Recipe(try ConfigurationNode.parse(text, file: "blocks.yaml"), folder: "")
}

/// A training of `recipe` on blocks that writes to `folder`.
func blockTrainer(
  _ recipe: Recipe, folder: String, threads: Int = 2, source: BlockSource = BlockSource(),
  validation: BlockSource? = BlockSource(title: "more blocks", count: 3, first: 100)
) throws -> Trainer {
  var arguments = recipe.arguments
  arguments["classes"] = String(source.classes.count)
  let network = try NetworkRegistry.graph(recipe.model, arguments: arguments)
  return try Trainer(
    recipe: recipe, network: network, parameters: try network.initialParameters(seed: recipe.seed),
    source: source, validation: validation,
    palette: source.classes.count == 2 ? [[0, 0, 0], [255, 128, 0]] : [], licences: ["blocks: CC0"],
    output: TrainingOutput(folder: folder), pool: ThreadPool(threads: threads))
}

extension Sample {
  /// The labels of the mask.
  var labels: [UInt8] { mask?.labels ?? [] }
}

/// An epoch was not validated as it should have been.
struct NoScores: Error {}

/// CRC-32C bit by bit.
func plainCRC32C(_ bytes: some Sequence<UInt8>) -> UInt32 {
  var sum = UInt32.max
  for byte in bytes {
    sum ^= UInt32(byte)
    for _ in 0..<8 { sum = sum & 1 == 1 ? (sum >> 1) ^ 0x82F6_3B78 : sum >> 1 }
  }
  return ~sum
}
