/// Counts combining marks in a row, of which text has 30 at most (Unicode Standard Annex 15, stream-safe text).
///
/// To compare or hash text, marks are brought into one order, and that takes the square of how many there are in a row: a
/// name of 200 KB of them would take ten seconds. No language needs more than a handful.
struct CombiningMarks {
  /// The most in a row.
  static let limit = 30

  /// Whether escapes of JSON, `\u0301`, count as what they stand for.
  private let escapes: Bool
  private var row = 0
  /// How far an escape has been read: 1 behind its backslash, 2 to 5 digits.
  private var place = 0
  private var code: UInt32 = 0
  /// The first half of a character that takes two escapes.
  private var high: UInt32?

  /// A count that starts at none.
  init(escapes: Bool) { self.escapes = escapes }

  /// Whether a piece of text, and what was counted before it, has few enough in a row.
  static func areFew(in text: String, escapes: Bool = false) -> Bool {
    var marks = CombiningMarks(escapes: escapes)
    return marks.areFew(after: text)
  }

  /// Goes on with more text.
  mutating func areFew(after text: String) -> Bool {
    for scalar in text.unicodeScalars {
      if !escapes { count(scalar) } else { read(scalar) }
      if row > Self.limit { return false }
    }
    return true
  }

  /// Goes on with a character of JSON, which may be a part of an escape.
  private mutating func read(_ scalar: Unicode.Scalar) {
    switch place {
    case 0 where scalar != "\\": count(scalar)
    case 0: place = 1
    case 1 where scalar == "u": (place, code) = (2, 0)
    case 2...5:
      guard let digit = Character(scalar).hexDigitValue else { return end() }
      code = code << 4 | UInt32(digit)
      place += 1
      if place == 6 { finish() }
    default: end()
    }
  }

  /// An escape of four digits is whole.
  private mutating func finish() {
    place = 0
    if (0xd800..<0xdc00).contains(code) {
      high = code
    } else if let high, (0xdc00..<0xe000).contains(code) {
      self.high = nil
      count(Unicode.Scalar(0x10000 + (high - 0xd800) << 10 + (code - 0xdc00)))
    } else {
      count(Unicode.Scalar(code))
    }
  }

  /// An escape of another kind, none of which is a mark.
  private mutating func end() { (place, row) = (0, 0) }

  private mutating func count(_ scalar: Unicode.Scalar?) {
    // No mark comes before U+0300.
    let isMark =
      scalar.map { $0.value >= 0x300 && $0.properties.canonicalCombiningClass != .notReordered } ?? false
    row = isMark ? row + 1 : 0
  }
}
