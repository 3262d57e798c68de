/// Masks as lengths of runs, column by column from the left, of pixels outside and inside in turn (COCO; Lin et al.
/// 2014, arXiv:1405.0312).
enum RunLengths {
  /// The lengths of a compressed text: five bits of a number in each character from `0`, the lowest first, the sixth
  /// bit where more follow; from the fourth on, numbers are differences to the one before the last. `nil` for a text
  /// that is none.
  static func decode(_ text: String) -> [Int]? {
    var counts: [Int] = []
    var (value, shift) = (0, 0)
    for byte in text.utf8 {
      guard (48..<112).contains(byte), shift <= 35 else { return nil }
      let bits = Int(byte) - 48
      value |= (bits & 0x1F) << shift
      shift += 5
      if bits & 0x20 != 0 { continue }
      if bits & 0x10 != 0 { value |= -1 << shift }
      if counts.count > 2 { value += counts[counts.count - 2] }
      guard (0..<1 << 40).contains(value) else { return nil }
      counts.append(value)
      (value, shift) = (0, 0)
    }
    return shift == 0 ? counts : nil
  }

  /// Whether the lengths fill a picture exactly.
  static func fit(_ counts: [Int], _ size: PixelSize) -> Bool {
    var total = 0
    for count in counts {
      let (sum, overflow) = total.addingReportingOverflow(count)
      guard count >= 0, !overflow else { return false }
      total = sum
    }
    return total == size.width * size.height
  }

  /// Calls `body` with the place of each pixel inside, rows from the top; `counts` fit the size.
  static func forEachPixel(_ counts: [Int], _ size: PixelSize, _ body: (Int) -> Void) {
    var place = 0
    for (index, count) in counts.enumerated() {
      if index % 2 == 1 {
        for pixel in place..<place + count { body(pixel % size.height * size.width + pixel / size.height) }
      }
      place += count
    }
  }
}
