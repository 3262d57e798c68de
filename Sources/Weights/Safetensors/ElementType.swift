/// How a tensor's elements are stored in a safetensors file; raw values are the format's words.
///
/// The order of the cases is the order of the reference implementation, by which a writer sorts tensors so
/// that wide elements come first and every tensor is aligned to its element.
public enum ElementType: String, Sendable, CaseIterable {
  /// One byte, 0 or 1.
  case bool = "BOOL"
  /// Four bits: sign, 2 exponent bits, 1 mantissa bit. Recognised, not read.
  case float4 = "F4"
  /// Six bits: 2 exponent bits, 3 mantissa bits. Recognised, not read.
  case float6e2m3 = "F6_E2M3"
  /// Six bits: 3 exponent bits, 2 mantissa bits. Recognised, not read.
  case float6e3m2 = "F6_E3M2"
  /// Unsigned, 8 bits.
  case uint8 = "U8"
  /// Signed, 8 bits.
  case int8 = "I8"
  /// Eight bits: 5 exponent bits, 2 mantissa bits. Recognised, not read.
  case float8e5m2 = "F8_E5M2"
  /// Eight bits: 4 exponent bits, 3 mantissa bits. Recognised, not read.
  case float8e4m3 = "F8_E4M3"
  /// Eight bits: an exponent alone. Recognised, not read.
  case float8e8m0 = "F8_E8M0"
  /// Signed, 16 bits.
  case int16 = "I16"
  /// Unsigned, 16 bits.
  case uint16 = "U16"
  /// IEEE 754 binary16.
  case float16 = "F16"
  /// The upper half of a binary32.
  case bfloat16 = "BF16"
  /// Signed, 32 bits.
  case int32 = "I32"
  /// Unsigned, 32 bits.
  case uint32 = "U32"
  /// IEEE 754 binary32.
  case float32 = "F32"
  /// Two binary32: real and imaginary. Recognised, not read.
  case complex64 = "C64"
  /// IEEE 754 binary64.
  case float64 = "F64"
  /// Signed, 64 bits.
  case int64 = "I64"
  /// Unsigned, 64 bits.
  case uint64 = "U64"

  /// Bits of one element.
  public var bits: Int {
    switch self {
    case .float4: 4
    case .float6e2m3, .float6e3m2: 6
    case .bool, .uint8, .int8, .float8e5m2, .float8e4m3, .float8e8m0: 8
    case .int16, .uint16, .float16, .bfloat16: 16
    case .int32, .uint32, .float32: 32
    case .complex64, .float64, .int64, .uint64: 64
    }
  }

  /// Whether elements are real numbers, and neither integers nor truth values.
  public var isFloatingPoint: Bool {
    switch self {
    case .bool, .uint8, .int8, .uint16, .int16, .uint32, .int32, .uint64, .int64: false
    default: true
    }
  }

  /// Bytes of so many elements; `nil` when the number overflows or is not a whole number of bytes.
  public func byteCount(of elements: Int) -> Int? {
    let (total, overflow) = elements.multipliedReportingOverflow(by: bits)
    return overflow || total % 8 != 0 ? nil : total / 8
  }

  /// The place in the reference's order.
  var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
