import Foundation
import Images

/// The picture files of others that the tests read, where they are present.
enum Corpora {
  /// The folder, found from this file upward or named by TESSERA_DATA; nil where there is none.
  static let folder: String? = {
    var candidates = [ProcessInfo.processInfo.environment["TESSERA_DATA"]].compactMap(\.self)
    var folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    for _ in 0..<6 {
      folder.deleteLastPathComponent()
      candidates.append(folder.appendingPathComponent("shared/data").path)
    }
    return candidates.map { $0 + "/corpora" }.first { FileManager.default.fileExists(atPath: $0) }
  }()

  static var isPresent: Bool { folder != nil }

  static func path(_ name: String) -> String { (folder ?? "") + "/" + name }

  static func files(in name: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path(name))) ?? []
    return names.filter { $0.hasSuffix(".png") || $0.hasSuffix(".jpg") }.sorted().map { name + "/" + $0 }
  }
}

/// The error that reading `bytes` gives, as text; "none" when they are read.
func refusal(_ bytes: [UInt8], name: String = "x", limits: ImageLimits = .standard) -> String {
  do throws(ImageError) {
    _ = try ImageReader.decode(bytes, name: name, limits: limits)
    return "none"
  } catch {
    return error.description
  }
}

extension Raster {
  /// The samples whatever their depth.
  var values: [Int] {
    switch samples {
    case .eight(let samples): samples.map(Int.init)
    case .sixteen(let samples): samples.map(Int.init)
    }
  }

  /// FNV-1a over the samples, 64 bits; in Python: h = 0xcbf29ce484222325, then for each sample
  /// h = (h ^ sample) * 0x100000001b3 modulo 2^64.
  var checksum: UInt64 {
    values.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }

  /// Peak signal-to-noise ratio in dB against another picture of the same size.
  func psnr(_ other: Raster) -> Double {
    guard case .eight(let a) = samples, case .eight(let b) = other.samples else { return 0 }
    var sum = 0
    for index in a.indices { sum += (Int(a[index]) - Int(b[index])) * (Int(a[index]) - Int(b[index])) }
    return 10 * log10(255 * 255 * Double(a.count) / Double(max(sum, 1)))
  }

  /// A picture whose samples follow a formula that Python repeats.
  static func pattern(_ width: Int, _ height: Int, _ channels: Int) -> Raster {
    var samples: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        for channel in 0..<channels {
          samples.append(UInt8((x * 37 + y * 101 + channel * 59 + x * y * 7) % 256))
        }
      }
    }
    return Raster(width: width, height: height, channels: channels, samples: .eight(samples))
  }
}

/// PNG files made by hand.
enum HandmadePNG {
  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  static func bigEndian(_ value: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(value >> $0 & 255) } }

  /// A chunk with its length and checksum.
  static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(type.utf8) + data
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in body {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return bigEndian(data.count) + body + bigEndian(Int(crc ^ 0xFFFF_FFFF))
  }

  static func header(_ width: Int, _ height: Int, bits: UInt8, colorType: UInt8) -> [UInt8] {
    chunk("IHDR", bigEndian(width) + bigEndian(height) + [bits, colorType, 0, 0, 0])
  }

  /// Bytes of pixels in stored (uncompressed) deflate, in blocks of `block` bytes.
  static func data(_ raw: [UInt8], block: Int = 65535) -> [UInt8] {
    var a = 1
    var b = 0
    for byte in raw {
      a = (a + Int(byte)) % 65521
      b = (b + a) % 65521
    }
    var stream: [UInt8] = [0x78, 0x01]
    for start in stride(from: 0, to: raw.count, by: block) {
      let part = raw[start..<min(raw.count, start + block)]
      let length = [UInt8(part.count & 255), UInt8(part.count >> 8)]
      stream += [part.endIndex == raw.count ? 1 : 0] + length + length.map { ~$0 } + part
    }
    return chunk("IDAT", stream + bigEndian(b << 16 | a))
  }

  /// A whole file of the given rows, each with its filter byte.
  static func file(
    _ width: Int, _ height: Int, bits: UInt8, colorType: UInt8, extra: [UInt8] = [], rows: [UInt8]
  ) -> [UInt8] {
    signature + header(width, height, bits: bits, colorType: colorType) + extra + data(rows)
      + chunk("IEND", [])
  }
}

/// A new folder that `body` may fill, removed afterwards.
func withFolder(_ body: (_ path: String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("images-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  try body(folder.path)
}

/// The names in a folder, sorted.
func names(in folder: String) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
}

/// Puts `bytes` into the file at `path`, without syncing it.
func write(_ bytes: [UInt8], to path: String) throws {
  try Data(bytes).write(to: URL(fileURLWithPath: path))
}

/// An RGB picture that does not compress.
func noise(_ width: Int, _ height: Int) -> Raster {
  var state: UInt64 = 42
  let samples = (0..<3 * width * height).map { _ -> UInt8 in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return UInt8(truncatingIfNeeded: state >> 56)
  }
  return Raster(width: width, height: height, channels: 3, samples: .eight(samples))
}
