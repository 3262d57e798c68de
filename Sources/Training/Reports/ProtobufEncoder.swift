/// Writes the fields of a message in the wire format of protocol buffers (developers.google.com/protocol-buffers).
///
/// Six kinds of field are all that TensorBoard's events need.
struct ProtobufEncoder {
  private(set) var bytes: [UInt8] = []

  private enum WireType: UInt64 {
    case varint = 0
    case fixed64 = 1
    case lengthDelimited = 2
    case fixed32 = 5
  }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest > 127 {
      bytes.append(UInt8(rest & 127) | 128)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private mutating func tag(_ field: Int, _ type: WireType) { varint(UInt64(field) << 3 | type.rawValue) }

  /// A whole number.
  mutating func add(_ field: Int, _ value: Int) {
    tag(field, .varint)
    varint(UInt64(bitPattern: Int64(value)))
  }

  /// A number of 64 bits.
  mutating func add(_ field: Int, _ value: Double) {
    tag(field, .fixed64)
    bytes += value.bitPattern.littleEndianBytes
  }

  /// A number of 32 bits.
  mutating func add(_ field: Int, _ value: Float) {
    tag(field, .fixed32)
    bytes += value.bitPattern.littleEndianBytes
  }

  /// Text.
  mutating func add(_ field: Int, _ text: String) { add(field, Array(text.utf8)) }

  /// Bytes, or a message.
  mutating func add(_ field: Int, _ content: [UInt8]) {
    tag(field, .lengthDelimited)
    varint(UInt64(content.count))
    bytes += content
  }

  /// Many numbers of 64 bits, packed.
  mutating func add(_ field: Int, _ values: [Double]) {
    add(field, values.flatMap(\.bitPattern.littleEndianBytes))
  }

  /// A message whose fields `body` writes.
  mutating func add(_ field: Int, message body: (inout ProtobufEncoder) -> Void) {
    var message = ProtobufEncoder()
    body(&message)
    add(field, message.bytes)
  }
}

extension FixedWidthInteger {
  /// The bytes, lowest first.
  var littleEndianBytes: [UInt8] { withUnsafeBytes(of: littleEndian) { Array($0) } }
}
