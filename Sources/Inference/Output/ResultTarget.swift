import Files

/// Where the results of a call go: what `--output` means.
public enum ResultTarget: Sendable, Equatable {
  /// Beside each picture.
  case besidePictures
  /// Into a folder, under the pictures' names.
  case folder(String)
  /// The one result of the one picture.
  case file(String)

  /// Endings that name a file, whatever the format, and also where no result has them.
  private static let endings = [
    ".png", ".jpg", ".jpeg", ".json", ".safetensors", ".tif", ".tiff", ".bmp", ".gif", ".webp",
  ]

  /// A folder, if one lies there or the name has no picture's or result's ending; otherwise a file, which has to suit.
  ///
  /// - Parameters:
  ///   - output: what `--output` says.
  ///   - pictures: those that are given, of which a folder counts as several; standard input is `nil`.
  /// - Throws: `InferenceError.outputIsFile` for a file's name for several results, `.outputEnding` for one of another
  ///   format, `.outputIsInput` for the picture's own.
  public init(
    output: String?, pictures: [String?], isBatch: Bool, formats: [ResultFormat]
  ) throws(InferenceError) {
    guard let output else {
      self = .besidePictures
      return
    }
    guard Self.endings.contains(where: output.lowercased().hasSuffix), !InputCollection.isFolder(output)
    else {
      self = .folder(output)
      return
    }
    let isOne = pictures.count == 1 && !pictures.contains { $0.map(InputCollection.isFolder) == true }
    guard isOne, !isBatch, formats.count == 1, let format = formats.first, format.isOneFile else {
      throw .outputIsFile(path: output, results: max(2, pictures.count * formats.count))
    }
    let ending = ".\(format.suffix.fileExtension)"
    guard output.lowercased().hasSuffix(ending) else {
      throw .outputEnding(path: output, expected: ending, format: format.rawValue)
    }
    if let picture = pictures.first, let picture, output.isSameFile(as: picture) {
      throw .outputIsInput(path: output)
    }
    self = .file(output)
  }

  /// The folder, if it is one.
  public var folder: String? {
    guard case .folder(let path) = self else { return nil }
    return path
  }

  /// The file, if it is one.
  public var file: String? {
    guard case .file(let path) = self else { return nil }
    return path
  }
}
