import Files
import Foundation

/// Standard output for results, standard error for progress.
enum Console {
  /// A result, with a line's end.
  static func result(_ text: String) { write(text + "\n", to: .standardOutput) }

  /// A result as bytes.
  ///
  /// - Throws: `FileError` when not all of them could be written.
  static func result(_ bytes: [UInt8]) throws {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data(bytes))
    } catch {
      throw FileError.cannotWrite(path: "standard output", reason: "an error of the file system")
    }
  }

  /// One JSON value.
  static func json(_ value: some Encodable) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    guard let data = try? encoder.encode(value) else { return }
    result(String(decoding: data, as: UTF8.self))
  }

  /// A line of progress or an error.
  static func note(_ text: String) { write(text + "\n", to: .standardError) }

  /// Whether a person looks at standard error.
  static let isTerminal = isatty(FileHandle.standardError.fileDescriptor) == 1

  /// Replaces the line at the bottom of a terminal; elsewhere nothing is shown.
  static func progress(_ text: String) {
    if isTerminal { write("\r\u{1B}[K" + text, to: .standardError) }
  }

  /// Clears the line at the bottom of a terminal.
  static func endProgress() {
    if isTerminal { write("\r\u{1B}[K", to: .standardError) }
  }

  private static func write(_ text: String, to handle: FileHandle) {
    // A reader that has gone away, as `head` does, is no error of ours.
    try? handle.write(contentsOf: Data(text.utf8))
  }
}
