import TensorCore

/// A safetensors file in memory.
public struct SafetensorsFile: Sendable {
  /// What messages call it: its path.
  public let name: String
  /// Its metadata and entries.
  public let header: SafetensorsHeader
  private let bytes: [UInt8]
  private let index: [String: Int]

  init(name: String, header: SafetensorsHeader, bytes: [UInt8]) {
    self.name = name
    self.header = header
    self.bytes = bytes
    index = Dictionary(header.entries.enumerated().map { ($1.name, $0) }) { first, _ in first }
  }

  /// The text pairs under `__metadata__`.
  public var metadata: [String: String] { header.metadata }
  /// The tensors by their place in the file.
  public var entries: [SafetensorsHeader.Entry] { header.entries }

  /// The entry of that name, if there is one.
  public func entry(_ name: String) -> SafetensorsHeader.Entry? { index[name].map { entries[$0] } }

  /// The tensor `name` as `Float`.
  ///
  /// F64 is rounded to nearest; every integer must be a `Float` exactly, as labels are.
  ///
  /// - Throws: `WeightsError` when there is no such tensor, when its element type has no reader here (four to
  ///   eight bit floats, complex numbers), or when an integer is beyond what a `Float` holds exactly.
  public func tensor(_ name: String) throws(WeightsError) -> Tensor {
    let entry = try found(name)
    var tensor = Tensor(zeros: entry.shape)
    let outcome = bytes.withUnsafeBytes { all in
      let start = header.bodyStart + entry.range.lowerBound
      let source = UnsafeRawBufferPointer(rebasing: all[start..<start + entry.range.count])
      return tensor.withUnsafeMutableElements { ElementDecoder.decode(source, entry.type, into: $0) }
    }
    switch outcome {
    case .done: return tensor
    case .unreadable: throw .notReadable(file: self.name, tensor: name, type: entry.type)
    case .inexact(let value): throw .inexact(file: self.name, tensor: name, value: value)
    }
  }

  /// The bytes of the tensor `name` as they are stored, little-endian.
  ///
  /// - Throws: `WeightsError` when there is no such tensor.
  public func bytes(of name: String) throws(WeightsError) -> ArraySlice<UInt8> {
    let range = try found(name).range
    return bytes[header.bodyStart + range.lowerBound..<header.bodyStart + range.upperBound]
  }

  private func found(_ name: String) throws(WeightsError) -> SafetensorsHeader.Entry {
    guard let entry = entry(name) else {
      throw .noSuchTensor(file: self.name, tensor: name, available: entries.map(\.name).sorted())
    }
    return entry
  }
}
