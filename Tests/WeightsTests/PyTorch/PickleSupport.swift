import Foundation
import Weights

/// The files that Tools/Golden/checkpoints.py made.
enum Golden {
  static func path(_ name: String) -> String {
    (Bundle.module.resourcePath ?? "") + "/Golden/" + name
  }

  static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path(name))))
  }

  static func expected() throws -> SafetensorsFile {
    try SafetensorsReader.read(path("expected.safetensors"))
  }
}

/// Pickles as bytes, written by hand.
struct Pickle {
  var bytes: [UInt8] = [0x80, 2]

  static func + (left: Pickle, right: String) -> Pickle { Pickle(bytes: left.bytes + Array(right.utf8)) }
  static func + (left: Pickle, right: [UInt8]) -> Pickle { Pickle(bytes: left.bytes + right) }

  /// `BINUNICODE`.
  func text(_ text: String) -> Pickle {
    self + (Array("X".utf8) + littleEndian(UInt32(text.utf8.count)) + Array(text.utf8))
  }

  /// `LONG1` of 8 bytes.
  func integer(_ number: Int) -> Pickle { self + ([0x8a, 8] + littleEndian(Int64(number))) }

  /// A tuple of integers.
  func integers(_ numbers: [Int]) -> Pickle { numbers.reduce(self + "(") { $0.integer($1) } + "t" }

  /// A tensor of `torch.FloatStorage` `key`.
  func tensor(
    key: String = "0", count: Int, offset: Int = 0, size: [Int], stride: [Int], type: String = "FloatStorage"
  ) -> Pickle {
    ((self + "ctorch._utils\n_rebuild_tensor_v2\n((").text("storage") + "ctorch\n\(type)\n").text(key).text(
      "cpu"
    )
    .integer(count)
    .then("tQ").integer(offset).integers(size).integers(stride) + [0x89] + "NtR"
  }

  func then(_ opcodes: String) -> Pickle { self + opcodes }

  /// A dictionary of one entry, `w`, which `value` adds.
  static func dictionary(_ value: (Pickle) -> Pickle) -> [UInt8] {
    (value((Pickle() + "}").text("w")) + "s.").bytes
  }
}

/// Zip archives of stored entries, in which anything may be wrong.
struct Archive {
  struct Entry {
    var name: String
    var content: [UInt8]
    var flags: UInt16 = 0
    var method: UInt16 = 0
    /// What the directory says, where it lies.
    var size: UInt32?
    var start: UInt32?
    var localName: String?
    /// Whether the directory's sizes, its place, or both stand in a zip64 field behind another.
    var wideSizes = false
    var widePlace = false
  }

  var entries: [Entry]

  init(pickle: [UInt8], storages: [String: [UInt8]] = [:]) {
    entries =
      [Entry(name: "m/data.pkl", content: pickle)]
      + storages.sorted { $0.key < $1.key }.map { Entry(name: "m/data/\($0.key)", content: $0.value) }
  }

  var bytes: [UInt8] {
    var (bytes, directory) = ([UInt8](), [UInt8]())
    for entry in entries {
      let start = entry.start ?? UInt32(bytes.count)
      let size = entry.size ?? UInt32(entry.content.count)
      let localName = Array((entry.localName ?? entry.name).utf8)
      bytes +=
        littleEndian(UInt32(0x0403_4b50)) + [UInt8](repeating: 0, count: 22)
        + littleEndian([UInt16(localName.count), 0]) + localName + entry.content
      let name = Array(entry.name.utf8)
      var wide = entry.wideSizes ? [UInt64(size), UInt64(size)] : []
      if entry.widePlace { wide.append(UInt64(start)) }
      let extra =
        wide.isEmpty
        ? []
        : littleEndian([UInt16(0x5455), 5, 0, 0]) + [0]
          + littleEndian([UInt16(1), UInt16(8 * wide.count)]) + littleEndian(wide)
      let sizes = entry.wideSizes ? [UInt32.max, .max] : [size, size]
      directory +=
        littleEndian(UInt32(0x0201_4b50)) + littleEndian([UInt16(0), 0, entry.flags, entry.method, 0, 0])
        + littleEndian(UInt32(0)) + littleEndian(sizes)
        + littleEndian([UInt16(name.count), UInt16(extra.count), 0, 0, 0])
        + littleEndian([UInt32(0), entry.widePlace ? .max : start]) + name + extra
    }
    return bytes + directory + littleEndian(UInt32(0x0605_4b50))
      + littleEndian([UInt16(0), 0, UInt16(entries.count), UInt16(entries.count)])
      + littleEndian([UInt32(directory.count), UInt32(bytes.count)]) + [0, 0]
  }
}

/// The message of the error that reading `bytes` gives, without the file's name.
func refusal(_ bytes: [UInt8]) -> String {
  do throws(WeightsError) {
    _ = try PyTorchReader.read(bytes, name: "x.pth")
    return "none"
  } catch {
    return error.description.hasPrefix("x.pth: ") ? String(error.description.dropFirst(7)) : error.description
  }
}
