import Files
import Foundation
import TensorCore

/// What a safetensors file says about itself: its metadata and where its tensors lie.
///
/// The format: 8 bytes, the length of the header as a little-endian number; the header, JSON; the tensors'
/// bytes (https://huggingface.co/docs/safetensors). A header is taken only if the tensors fill those bytes
/// exactly, without gaps and overlaps, and no key stands twice.
public struct SafetensorsHeader: Sendable, Equatable {
  /// One tensor.
  public struct Entry: Sendable, Equatable {
    /// The dotted name.
    public let name: String
    /// How its elements are stored.
    public let type: ElementType
    /// Its extents, outermost first; empty for a scalar.
    public let shape: Shape
    /// Its bytes, counted from the end of the header.
    public let range: Range<Int>
  }

  /// The text pairs under `__metadata__`; empty without any.
  public let metadata: [String: String]
  /// The tensors by their place in the file.
  public let entries: [Entry]
  /// Where the tensors' bytes start, in bytes from the start of the file.
  public let bodyStart: Int
  /// What the header leaves of the file's allowance.
  let allowance: MemoryAllowance

  /// The most bytes that a header may have, which is the reference implementation's limit.
  public static let byteLimit = 100_000_000
  /// The most bytes that a tensor's name may have: far more than modules in one another need, and little enough that
  /// rules for names are quick.
  static let nameLimit = 1000
  /// The most extents that a shape may have, which is PyTorch's limit.
  static let rankLimit = 64
  /// The key that holds text instead of a tensor.
  public static let metadataKey = "__metadata__"

  /// Reads the header of a file at `path` and nothing after it.
  ///
  /// - Throws: `WeightsError` as `SafetensorsReader.read` does.
  public static func read(_ path: String) throws(WeightsError) -> SafetensorsHeader {
    let attributes = try? FileManager.default.attributesOfItem(
      atPath: path.realPath ?? path)
    // Whatever is not a plain file gets its message from the reader of whole files.
    guard attributes?[.type] as? FileAttributeType == .typeRegular,
      let size = (attributes?[.size] as? NSNumber)?.intValue, let handle = FileHandle(forReadingAtPath: path)
    else { return try SafetensorsReader.read(path).header }
    defer { try? handle.close() }
    var bytes = [UInt8]((try? handle.read(upToCount: 8)) ?? Data())
    let length = try headerLength(bytes, fileBytes: size, file: path)
    bytes += (try? handle.read(upToCount: length)) ?? Data()
    guard bytes.count == 8 + length else {
      throw .headerBeyondFile(file: path, header: length, bytes: bytes.count)
    }
    return try SafetensorsHeader(bytes, fileBytes: size, file: path)
  }

  /// The header at the start of `bytes`, which are the first of the `fileBytes` bytes of `file`.
  ///
  /// - Parameter isOwn: whether what it describes may take any amount of memory.
  init(_ bytes: [UInt8], fileBytes: Int, file: String, isOwn: Bool = false) throws(WeightsError) {
    let length = try Self.headerLength(bytes, fileBytes: fileBytes, file: file)
    let text = bytes[8..<8 + length]
    try Self.checkText(text, file: file)
    var scanner = HeaderScanner(
      text, file: file, MemoryAllowance(fileBytes: isOwn ? MemoryAllowance.most : fileBytes))
    let header = try scanner.header()
    (metadata, allowance) = (header.metadata, header.allowance)
    bodyStart = 8 + length
    entries = try Self.checked(header.entries, bodyBytes: fileBytes - 8 - length, file: file)
  }

  /// Whether the length that `bytes`, a whole file, begin with is one that a header in them could have.
  static func canStart(_ bytes: [UInt8]) -> Bool {
    (try? headerLength(bytes, fileBytes: bytes.count, file: "")) != nil
  }

  private static func headerLength(
    _ bytes: [UInt8], fileBytes: Int, file: String
  ) throws(WeightsError) -> Int {
    guard bytes.count >= 8 else { throw .tooSmall(file: file, bytes: bytes.count) }
    let length = bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(byteLimit) else {
      throw .headerTooLarge(file: file, bytes: length, limit: byteLimit)
    }
    guard Int(length) <= fileBytes - 8 else {
      throw .headerBeyondFile(file: file, header: Int(length), bytes: fileBytes)
    }
    return Int(length)
  }

  /// The entries in the order of their bytes, which must follow one another and end with the file.
  private static func checked(
    _ entries: [HeaderScanner.Entry], bodyBytes: Int, file: String
  ) throws(WeightsError) -> [Entry] {
    var result: [Entry] = []
    result.reserveCapacity(entries.count)
    var position = 0
    for entry in entries.sorted(by: { ($0.start, $0.end) < ($1.start, $1.end) }) {
      guard entry.start == position, entry.end >= position else {
        throw .gapOrOverlap(file: file, tensor: entry.name, expected: position, found: entry.start)
      }
      guard let count = Shape.checkedCount(entry.extents), let size = entry.type.byteCount(of: count) else {
        throw .sizeOverflow(file: file, tensor: entry.name)
      }
      let shape = Shape(entry.extents)
      guard entry.end - entry.start == size else {
        throw .wrongByteCount(
          file: file, tensor: entry.name, type: entry.type, shape: shape, expected: size,
          found: entry.end - entry.start)
      }
      position = entry.end
      result.append(Entry(name: entry.name, type: entry.type, shape: shape, range: entry.start..<entry.end))
    }
    guard position == bodyBytes else {
      throw .uncoveredBytes(file: file, expected: position, found: bodyBytes)
    }
    return result
  }

  /// Throws unless the bytes are UTF-8 with few combining marks in a row; they are looked at in parts, so that no second
  /// copy is in memory.
  private static func checkText(_ text: ArraySlice<UInt8>, file: String) throws(WeightsError) {
    var marks = CombiningMarks(escapes: true)
    var rest = text
    while !rest.isEmpty {
      var end = min(rest.startIndex + 1 << 16, rest.endIndex)
      // A part ends before a character starts: at most three bytes that go on with one stand there.
      while end < rest.endIndex, end > rest.startIndex + 1 << 15, rest[end] & 0xc0 == 0x80 { end -= 1 }
      guard let part = String(validating: rest[..<end], as: UTF8.self) else {
        throw .headerNotUTF8(file: file)
      }
      guard marks.areFew(after: part) else {
        throw .headerSyntax(
          file: file, offset: rest.startIndex - text.startIndex,
          expected: "text with at most \(CombiningMarks.limit) combining marks in a row", found: "more")
      }
      rest = rest[end...]
    }
  }
}
