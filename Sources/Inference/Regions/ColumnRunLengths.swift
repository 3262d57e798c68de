import Images

/// A class's pixels as COCO writes them (Lin et al. 2014, arXiv:1405.0312): lengths of runs, column by column from the
/// left, of pixels outside and inside in turn, as text.
struct ColumnRunLengths {
  /// The text so far, ASCII.
  private(set) var text: [UInt8] = []
  private var written = 0
  private var lastTwo = (0, 0)
  /// The place after the last run inside.
  private var end = 0

  /// The texts of the first `classes` labels of a mask.
  static func texts(of mask: Mask, classes: Int) -> [[UInt8]] {
    var lengths = [ColumnRunLengths](repeating: ColumnRunLengths(), count: 256)
    var (label, start, place) = (mask.labels.first ?? 0, 0, 0)
    // Columns are gathered some at a time, because a walk down one column touches a cache line for each pixel.
    let block = 64
    var columns = [UInt8](repeating: 0, count: min(block, mask.width) * mask.height)
    for left in stride(from: 0, to: mask.width, by: block) {
      let count = min(block, mask.width - left)
      for y in 0..<mask.height {
        let row = y * mask.width + left
        for x in 0..<count { columns[x * mask.height + y] = mask.labels[row + x] }
      }
      for pixel in columns[..<(count * mask.height)] {
        if pixel != label {
          lengths[Int(label)].add(start..<place)
          (label, start) = (pixel, place)
        }
        place += 1
      }
    }
    if place > 0 { lengths[Int(label)].add(start..<place) }
    return lengths.prefix(classes).map { $0.finished(pixels: place) }
  }

  /// A run inside, behind all that were added.
  private mutating func add(_ places: Range<Int>) {
    append(places.lowerBound - end)
    append(places.count)
    end = places.upperBound
  }

  /// The text for a mask of so many pixels.
  private func finished(pixels: Int) -> [UInt8] {
    var lengths = self
    if end < pixels { lengths.append(pixels - end) }
    return lengths.text
  }

  /// Writes a length: five bits in each character from `0`, the lowest first, the sixth bit where more follow; from the
  /// fourth on, the difference to the length before the last.
  private mutating func append(_ length: Int) {
    var rest = written > 2 ? length - lastTwo.0 : length
    var hasMore = true
    while hasMore {
      let bits = rest & 0x1F
      rest >>= 5
      hasMore = bits & 0x10 != 0 ? rest != -1 : rest != 0
      text.append(UInt8(48 + bits + (hasMore ? 0x20 : 0)))
    }
    written += 1
    lastTwo = (lastTwo.1, length)
  }
}
