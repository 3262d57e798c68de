/// Stored elements to `Float`.
enum ElementDecoder {
  enum Outcome {
    case done
    /// No reader for this element type.
    case unreadable
    /// An integer that a `Float` does not hold exactly.
    case inexact(String)
  }

  /// Converts the elements in `source`, little-endian at any alignment, into as many floats.
  static func decode(
    _ source: UnsafeRawBufferPointer, _ type: ElementType, into target: UnsafeMutableBufferPointer<Float>
  ) -> Outcome {
    guard let base = source.baseAddress, !target.isEmpty else { return .done }
    switch type {
    case .float32:
      UnsafeMutableRawBufferPointer(target).copyMemory(from: source)
      return .done
    case .float16: return each(UInt16.self, base, target) { HalfPrecision.float($0) }
    case .bfloat16: return each(UInt16.self, base, target) { BrainFloat.float($0) }
    case .float64: return each(UInt64.self, base, target) { Float(Double(bitPattern: $0)) }
    case .bool: return each(UInt8.self, base, target) { $0 == 0 ? 0 : 1 }
    case .uint8: return each(UInt8.self, base, target) { Float($0) }
    case .int8: return each(Int8.self, base, target) { Float($0) }
    case .uint16: return each(UInt16.self, base, target) { Float($0) }
    case .int16: return each(Int16.self, base, target) { Float($0) }
    case .int32: return exact(Int32.self, base, target)
    case .uint32: return exact(UInt32.self, base, target)
    case .int64: return exact(Int64.self, base, target)
    case .uint64: return exact(UInt64.self, base, target)
    case .float4, .float6e2m3, .float6e3m2, .float8e5m2, .float8e4m3, .float8e8m0, .complex64:
      return .unreadable
    }
  }

  @inline(__always)
  private static func each<Stored: FixedWidthInteger & BitwiseCopyable>(
    _: Stored.Type, _ source: UnsafeRawPointer, _ target: UnsafeMutableBufferPointer<Float>,
    _ convert: (Stored) -> Float
  ) -> Outcome {
    guard let base = target.baseAddress else { return .done }
    let size = MemoryLayout<Stored>.size
    for index in 0..<target.count {
      let stored = source.loadUnaligned(fromByteOffset: index &* size, as: Stored.self)
      base[index] = convert(Stored(littleEndian: stored))
    }
    return .done
  }

  private static func exact<Stored: FixedWidthInteger & BitwiseCopyable>(
    _: Stored.Type, _ source: UnsafeRawPointer, _ target: UnsafeMutableBufferPointer<Float>
  ) -> Outcome {
    for index in target.indices {
      let offset = index * MemoryLayout<Stored>.size
      let stored = Stored(littleEndian: source.loadUnaligned(fromByteOffset: offset, as: Stored.self))
      guard let value = Float(exactly: stored) else { return .inexact(String(stored)) }
      target[index] = value
    }
    return .done
  }
}
