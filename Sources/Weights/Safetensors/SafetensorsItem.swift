import TensorCore

/// A tensor to be written: a name, and elements of one type.
public struct SafetensorsItem: Sendable {
  enum Content: Sendable {
    case float(Tensor)
    case raw([UInt8])
  }

  /// The name in the file.
  public let name: String
  /// How the elements will be stored.
  public let type: ElementType
  /// The extents, outermost first.
  public let shape: Shape
  let content: Content

  /// A tensor of `Float`, stored as F32, F16 or BF16 (rounded to nearest, ties to even) or F64.
  public init(_ name: String, _ tensor: Tensor, as type: ElementType = .float32) {
    precondition(
      [.float32, .float16, .bfloat16, .float64].contains(type), "a tensor is stored in a float type")
    self.name = name
    self.type = type
    shape = tensor.shape
    content = .float(tensor)
  }

  /// Elements of any type as they shall stand in the file, little-endian.
  public init(_ name: String, bytes: [UInt8], as type: ElementType = .uint8, shape: Shape) {
    precondition(type.byteCount(of: shape.count) == bytes.count, "the bytes are those of the shape")
    self.name = name
    self.type = type
    self.shape = shape
    content = .raw(bytes)
  }

  /// 16-bit samples, stored as U16.
  public init(_ name: String, words: [UInt16], shape: Shape) {
    let bytes = [UInt8](unsafeUninitializedCapacity: words.count * 2) { buffer, count in
      for (index, word) in words.enumerated() {
        buffer[2 * index] = UInt8(truncatingIfNeeded: word)
        buffer[2 * index + 1] = UInt8(truncatingIfNeeded: word >> 8)
      }
      count = words.count * 2
    }
    self.init(name, bytes: bytes, as: .uint16, shape: shape)
  }

  /// Bytes in the file.
  var byteCount: Int {
    switch content {
    case .float(let tensor): tensor.count * type.bits / 8
    case .raw(let bytes): bytes.count
    }
  }
}
