import Foundation
import TensorCore
import Weights

/// The bytes of a safetensors file with this header, which need not be right.
func safetensors(_ header: String, body: [UInt8] = []) -> [UInt8] {
  littleEndian(UInt64(header.utf8.count)) + Array(header.utf8) + body
}

/// A file with the one tensor `x`.
func file(_ type: ElementType, _ extents: [Int], _ body: [UInt8]) throws(WeightsError) -> SafetensorsFile {
  let shape = extents.map(String.init).joined(separator: ",")
  let header = """
    {"x":{"dtype":"\(type.rawValue)","shape":[\(shape)],"data_offsets":[0,\(body.count)]}}
    """
  return try SafetensorsReader.read(safetensors(header, body: body), name: "x.safetensors")
}

func littleEndian<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
  withUnsafeBytes(of: number.littleEndian, Array.init)
}

func littleEndian<Number: FixedWidthInteger>(_ numbers: [Number]) -> [UInt8] {
  numbers.flatMap { littleEndian($0) }
}

/// Calls `body` with a folder that is removed afterwards.
func withFolder(_ body: (String) throws -> Void) throws {
  let folder = "\(NSTemporaryDirectory())/tessera-weights-\(UInt64.random(in: 0 ... .max))"
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try body(folder)
}

/// Real data, which lies outside of the repository.
enum SharedData {
  static let folder: String? = {
    if let named = ProcessInfo.processInfo.environment["TESSERA_DATA"] { return named }
    var folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      let candidate = folder.appendingPathComponent("shared/data").path
      if FileManager.default.fileExists(atPath: candidate) { return candidate }
    }
    return nil
  }()

  static let corpus = folder.map { "\($0)/corpora/safetensors" }
  static let hasCorpus = corpus.map { FileManager.default.fileExists(atPath: "\($0)/EXPECTED.tsv") } ?? false
}
