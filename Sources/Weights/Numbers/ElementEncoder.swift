/// `Float` to stored elements.
enum ElementEncoder {
  /// Converts `source` into elements of a float type, little-endian.
  ///
  /// Returns the first finite value that is too large for the type; the bytes are then of no use.
  static func encode(
    _ source: UnsafeBufferPointer<Float>, as type: ElementType, into target: UnsafeMutableRawBufferPointer
  ) -> Float? {
    guard !source.isEmpty else { return nil }
    switch type {
    case .float16:
      each(source, target) { HalfPrecision.bits($0) }
      return firstFinite(in: source, from: HalfPrecision.overflow)
    case .bfloat16:
      each(source, target) { BrainFloat.bits($0) }
      return firstFinite(in: source, from: BrainFloat.overflow)
    case .float64:
      each(source, target) { Double($0).bitPattern }
      return nil
    default:
      target.copyMemory(from: UnsafeRawBufferPointer(source))
      return nil
    }
  }

  @inline(__always)
  private static func each<Stored: FixedWidthInteger & BitwiseCopyable>(
    _ source: UnsafeBufferPointer<Float>, _ target: UnsafeMutableRawBufferPointer,
    _ convert: (Float) -> Stored
  ) {
    guard let from = source.baseAddress, let into = target.baseAddress else { return }
    for index in 0..<source.count {
      let stored = convert(from[index]).littleEndian
      into.storeBytes(of: stored, toByteOffset: index &* MemoryLayout<Stored>.size, as: Stored.self)
    }
  }

  private static func firstFinite(in source: UnsafeBufferPointer<Float>, from limit: Float) -> Float? {
    // Bits of magnitudes order as the magnitudes do; the maximum is found without branches.
    var found = false
    for value in source {
      let magnitude = value.bitPattern & 0x7fff_ffff
      found = found || (magnitude >= limit.bitPattern) && (magnitude < 0x7f80_0000)
    }
    return found ? source.first { $0.isFinite && $0.magnitude >= limit } : nil
  }
}
