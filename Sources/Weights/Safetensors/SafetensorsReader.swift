import Files

/// Reading safetensors files.
public enum SafetensorsReader {
  /// Reads the file at `path`, whole; its tensors become `Tensor` only when they are asked for.
  ///
  /// - Parameter isOwn: whether this program wrote it for itself, such as the state of a training: the history of
  ///   thousands of epochs and thousands of small tensors may take more memory than the file has bytes.
  /// - Throws: `WeightsError`, which names the file: when it is not there, when its header breaks a rule of the format,
  ///   and when that would take more memory than the file has bytes.
  public static func read(_ path: String, isOwn: Bool = false) throws(WeightsError) -> SafetensorsFile {
    let bytes: [UInt8]
    do {
      bytes = try WholeFile.read(path, limit: 1 << 36)
    } catch {
      throw .file(error)
    }
    return try read(bytes, name: path, isOwn: isOwn)
  }

  /// Reads the bytes of a file; `name` stands for it in messages.
  ///
  /// - Throws: `WeightsError` as for a path.
  public static func read(
    _ bytes: [UInt8], name: String, isOwn: Bool = false
  ) throws(WeightsError) -> SafetensorsFile {
    if let kind = otherKind(bytes) { throw .notSafetensors(file: name, found: kind) }
    let header = try SafetensorsHeader(bytes, fileBytes: bytes.count, file: name, isOwn: isOwn)
    return SafetensorsFile(name: name, header: header, bytes: bytes)
  }

  /// What the bytes are if they cannot be a safetensors file, because the length that they begin with is not that of a
  /// header in them, and are of a kind that has a name.
  static func otherKind(_ bytes: [UInt8]) -> FileKind? {
    guard !SafetensorsHeader.canStart(bytes) else { return nil }
    let kind = FileKind.sniff(bytes)
    return kind == .unknown ? nil : kind
  }
}
