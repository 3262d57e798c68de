import Files
import Foundation
import Inference

/// A value that JSON has as null where there is none, and not as a key that is missing.
@propertyWrapper
struct OrNull<Value: Encodable>: Encodable {
  var wrappedValue: Value?

  init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let wrappedValue { try container.encode(wrappedValue) } else { try container.encodeNil() }
  }
}

/// Standard output for results, standard error for progress.
enum Console {
  /// A result, with a line's end. Control characters in it, which came from a file, are shown as text.
  ///
  /// - Throws: `FileError` when not all of it could be written.
  static func result(_ text: String) throws { try result(Array((shown(text) + "\n").utf8)) }

  /// A result as bytes.
  ///
  /// - Throws: `FileError` when not all of them could be written.
  static func result(_ bytes: [UInt8]) throws {
    signal(SIGPIPE, SIG_IGN)
    try bytes.withUnsafeBufferPointer { bytes throws(FileError) in try write(UnsafeRawBufferPointer(bytes)) }
  }

  /// A result that is made while it is written.
  ///
  /// - Throws: `InferenceError` when it could not be made or not all of it written.
  static func result(_ file: ResultFile) throws {
    signal(SIGPIPE, SIG_IGN)
    try file.write { bytes throws(FileError) in try write(bytes) }
  }

  /// Writes to standard output. A reader that has gone away, as `head` does, is no error of ours.
  private static func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let part = UnsafeRawBufferPointer(rebasing: rest)
      let written = Foundation.write(STDOUT_FILENO, part.baseAddress, part.count)
      if written >= 0 {
        rest = rest.dropFirst(written)
      } else if errno == EPIPE {
        return
      } else if errno != EINTR {
        throw .cannotWrite(path: "standard output", reason: String(cString: strerror(errno)).lowercased())
      }
    }
  }

  /// One JSON value.
  static func json(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    try result(Array(try encoder.encode(value)) + [UInt8(ascii: "\n")])
  }

  /// A line of progress or an error.
  static func note(_ text: String) { write(shown(text) + "\n", to: .standardError) }

  /// Whether a person looks at standard error.
  static let isTerminal = isatty(FileHandle.standardError.fileDescriptor) == 1

  /// Replaces the line at the bottom of a terminal; elsewhere nothing is shown.
  static func progress(_ text: String) {
    if isTerminal { write("\r\u{1B}[K" + shown(text), to: .standardError) }
  }

  /// Clears the line at the bottom of a terminal.
  static func endProgress() {
    if isTerminal { write("\r\u{1B}[K", to: .standardError) }
  }

  /// Lines whose other control characters, which could move the cursor of a terminal, are escaped.
  private static func shown(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control && $0 != "\n" })
    else { return text }
    return text.split(separator: "\n", omittingEmptySubsequences: false).map {
      OneLineError(String($0)).description
    }
    .joined(separator: "\n")
  }

  private static func write(_ text: String, to handle: FileHandle) {
    // Progress that nobody can see is not worth stopping for.
    try? handle.write(contentsOf: Data(text.utf8))
  }
}
