import Files

/// Reading the files of PyTorch's `torch.save`, `.pth` and `.pt`: state dictionaries, and checkpoints that hold one.
public enum PyTorchReader {
  /// Reads the file at `path`, whole; its tensors become `Tensor` only when they are asked for.
  ///
  /// - Throws: `WeightsError`, which names the file.
  public static func read(_ path: String) throws(WeightsError) -> PyTorchFile {
    let bytes: [UInt8]
    do { bytes = try WholeFile.read(path, limit: 1 << 36) } catch { throw .file(error) }
    return try read(bytes, name: path)
  }

  /// Reads the bytes of a file; `name` stands for it in messages.
  ///
  /// - Throws: `WeightsError.pytorch` when they are no file of PyTorch, hold anything but tensors, numbers, text and
  ///   containers of these, or no state dictionary.
  public static func read(_ bytes: [UInt8], name: String) throws(WeightsError) -> PyTorchFile {
    do throws(PyTorchProblem) {
      let content = try isArchive(bytes) ? StoredObject(archive: bytes) : StoredObject(sequence: bytes)
      return try PyTorchFile(name: name, bytes: bytes, content: content)
    } catch {
      throw .pytorch(file: name, error)
    }
  }

  /// Whether bytes start as a file of PyTorch does and not as a safetensors file, which they may still fail to be.
  public static func recognizes(_ bytes: [UInt8]) -> Bool {
    // A safetensors header starts at byte 8, and its length, unlike a pickle's start, is below the file's size.
    let startsHeader = bytes.count > 8 && bytes[8] == UInt8(ascii: "{")
    if isArchive(bytes) { return !startsHeader }
    guard bytes.count >= 2, bytes[0] == 0x80, (2...5).contains(bytes[1]) else { return false }
    return !startsHeader && bytes.count(at: 0, as: UInt64.self).map { $0 > bytes.count } ?? true
  }

  private static func isArchive(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: [0x50, 0x4b, 0x03, 0x04])
  }
}
