/// Finds aliases in YAML before it is parsed, because a few lines of them can stand for more values than memory holds,
/// which a parser that compares keys goes through one by one.
///
/// Quotes and comments are not looked at: whoever hides an alias in what looks like a comment must not succeed. A text is
/// therefore refused too where `&name` and, behind it, `*name` stand at the starts of words inside of quotes.
enum AliasSearch {
  /// The first alias of an anchor that stands before it, and its line.
  static func first(in text: String) -> (name: String, line: Int)? {
    let bytes = Array(text.utf8)
    // Hardly a file has both signs.
    guard bytes.contains(UInt8(ascii: "&")), bytes.contains(UInt8(ascii: "*")) else { return nil }
    var anchors: Set<ArraySlice<UInt8>> = []
    var (line, before) = (1, UInt8(ascii: "\n"))
    for (place, byte) in bytes.enumerated() {
      if byte == UInt8(ascii: "&") || byte == UInt8(ascii: "*"), starts.contains(before) {
        let name = bytes[(place + 1)...].prefix(while: isPartOfName)
        if byte == UInt8(ascii: "&") {
          anchors.insert(name)
        } else if anchors.contains(name) {
          return (String(decoding: name, as: UTF8.self), line)
        }
      }
      if byte == UInt8(ascii: "\n") { line += 1 }
      before = byte
    }
    return nil
  }

  /// What can stand before an anchor or an alias; the last three end the line breaks U+0085, U+2028 and U+2029.
  private static let starts = Set(Array("\n\r\t [{,:?-".utf8) + [0x85, 0xA8, 0xA9])

  /// Whether a byte can be part of a name, as libyaml has them.
  private static func isPartOfName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }
}
