import Files
import TensorCore

/// Writing safetensors files: the same tensors and metadata always give the same bytes.
///
/// Tensors are sorted as the reference implementation sorts them, widest element first and then by name,
/// metadata by key; spaces end the header so that the tensors start at a multiple of 8 bytes.
public enum SafetensorsWriter {
  /// The bytes of a file with `items` and `metadata`.
  ///
  /// - Throws: `WeightsError` when two items have the same name or one the name `__metadata__`, when a value
  ///   that is finite as F32 would be infinite in the item's type, or when the names and metadata outgrow a
  ///   header.
  public static func bytes(
    _ items: [SafetensorsItem], metadata: [String: String] = [:]
  ) throws(WeightsError) -> [UInt8] {
    let sorted = items.sorted {
      $0.type == $1.type ? $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) : $0.type.rank > $1.type.rank
    }
    let header = try header(sorted.map { ($0.name, $0.type, $0.shape) }, metadata)
    var overflow: (item: SafetensorsItem, value: Float)?
    let total = header.count + sorted.reduce(0) { $0 + $1.byteCount }
    let bytes = [UInt8](unsafeUninitializedCapacity: total) { buffer, count in
      let target = UnsafeMutableRawBufferPointer(buffer)
      target.copyBytes(from: header)
      var position = header.count
      for item in sorted {
        let part = UnsafeMutableRawBufferPointer(rebasing: target[position..<position + item.byteCount])
        switch item.content {
        case .raw(let source): part.copyBytes(from: source)
        case .float(let tensor):
          let value = tensor.withUnsafeElements { ElementEncoder.encode($0, as: item.type, into: part) }
          if let value, overflow == nil { overflow = (item, value) }
        }
        position += item.byteCount
      }
      count = total
    }
    if let overflow {
      throw .outOfRange(tensor: overflow.item.name, type: overflow.item.type, value: overflow.value)
    }
    return bytes
  }

  /// The bytes of a file with `tensors` in one float type.
  ///
  /// - Throws: `WeightsError` as `bytes(_:metadata:)` with items does.
  public static func bytes(
    _ tensors: [String: Tensor], as type: ElementType = .float32, metadata: [String: String] = [:]
  ) throws(WeightsError) -> [UInt8] {
    try bytes(tensors.map { SafetensorsItem($0.key, $0.value, as: type) }, metadata: metadata)
  }

  /// Writes a file with one tensor, F32, that is made while it is written, so that it is never whole in memory.
  ///
  /// - Parameter elements: writes some of the elements, counted in the order of the file; called for parts that follow
  ///   each other.
  /// - Throws: `WeightsError` when the metadata outgrow a header, `.file` for what `sink` throws.
  public static func write(
    _ name: String, shape: Shape, metadata: [String: String] = [:], to sink: ByteSink,
    elements: (_ range: Range<Int>, _ part: UnsafeMutableBufferPointer<Float>) -> Void
  ) throws(WeightsError) {
    let header = try header([(name, .float32, shape)], metadata)
    let partCount = 1 << 18
    do throws(FileError) {
      try header.withUnsafeBufferPointer { header throws(FileError) in
        try sink(UnsafeRawBufferPointer(header))
      }
      var part = [Float](repeating: 0, count: min(partCount, shape.count))
      for start in stride(from: 0, to: shape.count, by: partCount) {
        let range = start..<min(start + partCount, shape.count)
        try part.withUnsafeMutableBufferPointer { part throws(FileError) in
          let part = UnsafeMutableBufferPointer(rebasing: part[..<range.count])
          elements(range, part)
          for index in part.indices { part[index] = Float(bitPattern: part[index].bitPattern.littleEndian) }
          try sink(UnsafeRawBufferPointer(part))
        }
      }
    } catch {
      throw .file(error)
    }
  }

  /// Writes a file with `items` and `metadata`, whole or not at all.
  ///
  /// - Throws: `WeightsError` as `bytes(_:metadata:)` does, and when the file cannot be written.
  public static func write(
    _ items: [SafetensorsItem], metadata: [String: String] = [:], to path: String
  ) throws(WeightsError) {
    let bytes = try bytes(items, metadata: metadata)
    do {
      try DurableFile.write(bytes, to: path)
    } catch {
      throw .file(error)
    }
  }

  /// Writes a file with `tensors` in one float type, whole or not at all.
  ///
  /// - Throws: `WeightsError` as `bytes(_:metadata:)` does, and when the file cannot be written.
  public static func write(
    _ tensors: [String: Tensor], as type: ElementType = .float32, metadata: [String: String] = [:],
    to path: String
  ) throws(WeightsError) {
    try write(
      tensors.map { SafetensorsItem($0.key, $0.value, as: type) }, metadata: metadata, to: path)
  }

  /// The length and the JSON of the header, padded.
  private static func header(
    _ items: [(name: String, type: ElementType, shape: Shape)], _ metadata: [String: String]
  ) throws(WeightsError) -> [UInt8] {
    // Quoting can only lengthen text: what is too long already is refused before it is copied.
    try checkHeader(
      metadata.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        + items.reduce(0) { $0 + $1.name.utf8.count })
    var members: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        .map { "\(quoted($0.key)):\(quoted($0.value))" }
      members.append("\(quoted(SafetensorsHeader.metadataKey)):{\(pairs.joined(separator: ","))}")
    }
    var names: Set<String> = [SafetensorsHeader.metadataKey]
    var position = 0
    for item in items {
      guard names.insert(item.name).inserted else { throw .nameTaken(tensor: item.name) }
      let extents = item.shape.extents.map(String.init).joined(separator: ",")
      let end = position + item.shape.count * item.type.bits / 8
      members.append(
        "\(quoted(item.name)):{\"dtype\":\"\(item.type.rawValue)\",\"shape\":[\(extents)],"
          + "\"data_offsets\":[\(position),\(end)]}")
      position = end
    }
    var json = Array("{\(members.joined(separator: ","))}".utf8)
    json += Array(repeating: 0x20, count: (8 - json.count % 8) % 8)
    try checkHeader(json.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: json.count >> (8 * $0)) } + json
  }

  private static func checkHeader(_ bytes: Int) throws(WeightsError) {
    guard bytes <= SafetensorsHeader.byteLimit else {
      throw .headerOutgrown(bytes: bytes, limit: SafetensorsHeader.byteLimit)
    }
  }

  /// A JSON string; characters beyond ASCII stand as they are.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\u{8}": result += "\\b"
      case "\u{c}": result += "\\f"
      case _ where scalar.value < 0x20:
        result += scalar.value < 0x10 ? "\\u000" : "\\u00"
        result += String(scalar.value, radix: 16)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
