import TensorCore
import Weights

extension Workplace {
  /// Writes tensors as PyTorch before 1.6 did: pickles in a row, then the storages.
  func pytorch(_ name: String, _ parameters: [String: Tensor]) throws {
    let sorted = parameters.sorted { $0.key < $1.key }
    var object = Self.start + Array("}".utf8)
    var keys = Self.start + Array("]".utf8)
    var storages: [UInt8] = []
    for (key, (name, tensor)) in sorted.enumerated() {
      object += Self.text(name) + Array("ctorch._utils\n_rebuild_tensor_v2\n((".utf8) + Self.text("storage")
      object += Array("ctorch\nFloatStorage\n".utf8) + Self.text("\(key)") + Self.text("cpu")
      object += Self.number(tensor.count) + Array("NtQK\0".utf8)
      var (strides, step) = ([Int](), 1)
      for extent in tensor.shape.extents.reversed() {
        strides.insert(step, at: 0)
        step *= extent
      }
      for numbers in [tensor.shape.extents, strides] {
        object += Array("(".utf8) + numbers.flatMap(Self.number) + Array("t".utf8)
      }
      object += [0x89] + Array("NtRs".utf8)
      keys += Self.text("\(key)") + Array("a".utf8)
      storages += Self.bytes(UInt64(tensor.count)) + tensor.elements.flatMap { Self.bytes($0.bitPattern) }
    }
    let magic: [UInt8] = [0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]
    let end = Array(".".utf8)
    let head = Self.start + magic + end + Self.start + [0x4d, 0xe9, 3] + end + Self.start + Array("}.".utf8)
    try write(head + object + end + keys + end + storages, name)
  }

  private static let start: [UInt8] = [0x80, 2]

  private static func bytes<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian, Array.init)
  }

  private static func text(_ text: String) -> [UInt8] {
    Array("X".utf8) + bytes(UInt32(text.utf8.count)) + Array(text.utf8)
  }

  private static func number(_ number: Int) -> [UInt8] { Array("J".utf8) + bytes(Int32(number)) }
}
