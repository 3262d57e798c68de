import Files
import Foundation

/// Standard output for results, standard error for progress.
enum Console {
  /// A result, with a line's end.
  ///
  /// - Throws: `FileError` when not all of it could be written.
  static func result(_ text: String) throws { try result(Array((text + "\n").utf8)) }

  /// A result as bytes.
  ///
  /// A reader that has gone away, as `head` does, is no error of ours.
  ///
  /// - Throws: `FileError` when not all of them could be written.
  static func result(_ bytes: [UInt8]) throws {
    signal(SIGPIPE, SIG_IGN)
    var offset = 0
    while offset < bytes.count {
      let written = bytes.withUnsafeBytes {
        Foundation.write(STDOUT_FILENO, $0.baseAddress.map { $0 + offset }, $0.count - offset)
      }
      if written >= 0 {
        offset += written
      } else if errno == EPIPE {
        return
      } else if errno != EINTR {
        throw FileError.cannotWrite(
          path: "standard output", reason: String(cString: strerror(errno)).lowercased())
      }
    }
  }

  /// One JSON value.
  static func json(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    try result(String(decoding: try encoder.encode(value), as: UTF8.self))
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
    // Progress that nobody can see is not worth stopping for.
    try? handle.write(contentsOf: Data(text.utf8))
  }
}
