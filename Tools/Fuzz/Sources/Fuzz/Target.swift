import Datasets
import Foundation
import Graphs
import Images
import Segmentation
import TensorCore
import Training
import Weights

/// The readers of files that are not ours.
enum Target: String, CaseIterable {
  case png, jpeg, exif, safetensors, pth, recipe, coco

  /// The one that inputs go to; set once, before the first.
  nonisolated(unsafe) static var current = Target.png

  /// Small enough that an input takes no time, large enough for every path.
  private static let limits = ImageLimits(maxSide: 4096, maxPixels: 1 << 20, maxScans: 50)

  /// Reads an input to its end; errors are what most inputs give.
  func run(_ bytes: [UInt8]) {
    switch self {
    case .png:
      RowFile.shared.read(bytes, limits: Self.limits)
      _ = try? MaskReader.decode(bytes, name: "x", limits: Self.limits)
      _ = try? ImageHeader(bytes, name: "x", limits: Self.limits)
    case .jpeg:
      RowFile.shared.read(bytes, limits: Self.limits)
    case .exif:
      _ = try? ImageReader.decode(Self.png(exif: bytes), name: "x")
      _ = try? ImageHeader(Self.jpeg(exif: bytes), name: "x")
    case .safetensors:
      guard let file = try? SafetensorsReader.read(bytes, name: "x") else { return }
      for entry in file.entries { _ = try? file.tensor(entry.name) }
      Loading.shared.read(bytes)
    case .pth:
      guard let file = try? PyTorchReader.read(bytes, name: "x") else { return }
      for entry in file.entries { _ = try? file.tensor(entry.name) }
      Loading.shared.read(bytes)
    case .recipe:
      guard let top = try? ConfigurationNode.parse(String(decoding: bytes, as: UTF8.self), file: "x") else {
        return
      }
      _ = try? Recipe(top, folder: "")
      _ = try? DatasetDescription(top, folder: "", environment: [:])
    case .coco:
      CocoFolder.shared.read(bytes)
    }
  }

  /// A picture of one pixel with such EXIF data.
  private static func png(exif: [UInt8]) -> [UInt8] {
    let pixel: [UInt8] = [0x78, 0x01, 0x01, 2, 0, 0xFD, 0xFF, 0, 7, 0, 9, 0, 8]
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      + PNGChecksums.chunk("IHDR", [0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]) + PNGChecksums.chunk("eXIf", exif)
      + PNGChecksums.chunk("IDAT", pixel) + PNGChecksums.chunk("IEND", [])
  }

  private static let smallJPEG: [UInt8] = {
    let picture = Raster(width: 1, height: 1, channels: 1, samples: .eight([7]))
    return (try? PictureWriter.jpeg(picture)) ?? []
  }()

  private static func jpeg(exif: [UInt8]) -> [UInt8] {
    let data = Array("Exif\0\0".utf8) + exif.prefix(65_000)
    let length = data.count + 2
    return [0xFF, 0xD8, 0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 255)] + data + smallJPEG.dropFirst(2)
  }
}

/// Networks that checkpoints are loaded into: one by its own names, and one whose encoder is a classifier's.
final class Loading: Sendable {
  static let shared = Loading()

  private let own: [ParameterMatch.Wanted]
  private let encoder: [ParameterMatch.Wanted]
  private let transfer: BackboneTransfer

  private init() {
    // Small enough that an input may hold all of the first.
    own = Self.names("unet", ["width": "1", "depth": "1"])
    encoder = Self.names("segnet", [:])
    guard let transfer = try? NetworkRegistry.transfer("segnet") else { preconditionFailure("no transfer") }
    self.transfer = transfer
  }

  private static func names(_ network: String, _ arguments: [String: String]) -> [ParameterMatch.Wanted] {
    guard let specs = try? NetworkRegistry.graph(network, arguments: arguments).parameterSpecs() else {
      preconditionFailure("no \(network)")
    }
    return specs.map { ($0.name, $0.spec.shape) }
  }

  func read(_ bytes: [UInt8]) {
    guard let checkpoint = try? Checkpoint.read(bytes, name: "x") else { return }
    _ = try? checkpoint.parameters(for: own, file: "x", model: "unet")
    _ = try? checkpoint.backbone(for: encoder, by: transfer, file: "x", model: "segnet")
  }
}

/// Where inputs lie that are read as files: in memory's file system, where there is one.
enum Scratch {
  static let folder: String = {
    let base = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
    let folder = "\(base)/tessera-fuzz-\(getpid())"
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return folder
  }()
}

/// A picture file that is read whole from memory and row by row from the file: both give the same, or the same error.
final class RowFile: Sendable {
  static let shared = RowFile()

  private let path = Scratch.folder + "/picture"
  private let descriptor: Int32

  private init() { descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600) }

  func read(_ bytes: [UInt8], limits: ImageLimits) {
    let whole = Result { try ImageReader.decode(bytes, name: path, limits: limits).rgb8() }
    guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, bytes, bytes.count, 0) == bytes.count else {
      return
    }
    let rows = Result {
      let reader = try ImageRowReader(path, limits: limits)
      var samples: [UInt8] = []
      while reader.row < reader.height {
        if case .eight(let values) = try reader.next(7).samples { samples += values }
      }
      return Raster(width: reader.width, height: reader.height, channels: 3, samples: .eight(samples))
    }
    switch (whole, rows) {
    case (.success(let whole), .success(let rows)): precondition(whole == rows)
    case (_, .failure(ImageError.notByRows)): return
    case (.failure(let whole), .failure(let rows)): precondition("\(whole)" == "\(rows)")
    default: preconditionFailure("\(whole), \(rows)")
    }
  }
}

/// A dataset of one picture, in memory's file system where there is one, whose annotations are the inputs.
final class CocoFolder: Sendable {
  static let shared = CocoFolder()

  private let file: String
  private let description: DatasetDescription?

  private init() {
    let folder = Scratch.folder
    let picture = Raster(width: 6, height: 4, channels: 3, samples: .eight([UInt8](repeating: 9, count: 72)))
    try? PictureWriter.write(picture, to: "\(folder)/a.png")
    file = "\(folder)/a.json"
    let text = """
      name: coco
      format: coco
      classes: [background, cat, dog]
      root: \(folder)
      splits:
        all: {images: ., annotations: a.json}
      """
    description = (try? ConfigurationNode.parse(text, file: "x")).flatMap {
      try? DatasetDescription($0, folder: folder, environment: [:])
    }
  }

  func read(_ bytes: [UInt8]) {
    guard let description, FileManager.default.createFile(atPath: file, contents: Data(bytes)) else { return }
    guard let dataset = try? Dataset(description, split: "all") else { return }
    for index in 0..<dataset.count { _ = try? dataset.sample(at: index) }
  }
}
