import Foundation

/// Reads the JSON values of a checkpoint's metadata.
struct MetadataReader {
  /// A score of a class that never occurs is not a number, which JSON has no word for.
  static let encodingOfNonFinite = JSONEncoder.NonConformingFloatEncodingStrategy.convertToString(
    positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")

  let metadata: [String: String]
  let file: String

  /// Bytes of memory that JSON takes while it is read: some for its text, and far more for each value and pair. `[],` takes
  /// twenty times itself, measured.
  static func bytes(toRead text: String) -> Int {
    text.utf8.reduce(0) { bytes, character in
      switch character {
      case UInt8(ascii: ":"): bytes + 160
      case UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "{"): bytes + 64
      default: bytes + 4
      }
    }
  }

  /// The value under `key`, or `nil` without one; `expected` says what it should be.
  func decoded<Value: Decodable>(_ key: String, as expected: String) throws(WeightsError) -> Value? {
    guard let text = metadata[key] else { return nil }
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    guard let value = try? decoder.decode(Value.self, from: Data(text.utf8)) else {
      throw .metadata(file: file, key: key, expected: expected, found: text)
    }
    return value
  }
}
