/// The memory that the description of what is in a file may take while it is read: as much as the file has bytes.
///
/// One byte of a pickle can make a list, and a header of a few letters a tensor; each takes a hundred times that in
/// memory. A file that would take more than its own size this way is made for that, and refused. Tensors themselves are
/// counted elsewhere, by what is stored of them.
struct MemoryAllowance: Sendable, Equatable {
  /// Bytes that any file may take, however small: some 700 tensors of one element each, as PyTorch writes them.
  static let least = 1 << 20
  /// Bytes that no file needs, however large; numbers of values fit 32 bits.
  static let most = 1 << 32

  /// The most bytes that may be taken.
  let limit: Int
  private var taken = 0

  /// The allowance of a file of so many bytes.
  init(fileBytes: Int) {
    limit = min(max(fileBytes, Self.least), Self.most)
  }

  /// Takes so many bytes; `false` when that is more than the limit.
  mutating func take(_ bytes: Int) -> Bool {
    taken += bytes
    return taken <= limit
  }

  /// The bytes that a tensor takes in the lists and tables of readers and loaders, and for itself, beside its axes and its
  /// elements: measured, with 40,000 tensors of one element in a file.
  static let tensor = 320
  /// The bytes that an axis takes in a shape and its copies.
  static let axis = 16

  /// The bytes that a `String` of so many bytes of UTF-8 takes beside itself: none up to 15, which lie in it.
  static func text(_ bytes: Int) -> Int { bytes > 15 ? bytes + 48 : 0 }

  /// The bytes that a tensor takes by its name and number of axes. A name stands in the entries of a file, and in loading
  /// without its wrapper and in the network's words.
  static func entry(_ name: String, rank: Int) -> Int { tensor + axis * rank + 3 * text(name.utf8.count) }

  /// The bytes that a pair of text takes, while the table that it is in is copied to a larger one.
  static func pair(_ key: String, _ value: String) -> Int {
    256 + text(key.utf8.count) + text(value.utf8.count)
  }

  /// The bytes that text takes beside itself while its escapes are replaced: it grows by parts, each with an escaped
  /// character of up to 4 bytes, is there twice while it does, and a part of it a third time.
  static func escaped(_ text: String) -> Int {
    let escapes = text.utf8.reduce(1) { $0 + ($1 == UInt8(ascii: "\"") || $1 == UInt8(ascii: "\\") ? 1 : 0) }
    return escaped(text.utf8.count + 4 * escapes)
  }

  /// The same of a part with its escaped character, in bytes.
  static func escaped(_ bytes: Int) -> Int { 3 * bytes }
}
