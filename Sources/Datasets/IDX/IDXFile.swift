/// Reading files in the format of MNIST (LeCun, Cortes and Burges 1998): two bytes 0, the type of the elements, the
/// number of sides, each side as a big-endian number of 32 bits, the elements. Gzip or plain.
enum IDXFile {
  /// Bytes in three dimensions: image, row, column.
  static let imageKind: UInt32 = 0x0000_0803
  /// Bytes in one dimension.
  static let labelKind: UInt32 = 0x0000_0801
  /// Bytes of data that a file may have.
  static let limit = 1 << 31

  /// The gray images of a file, `height · width` bytes each.
  static func images(_ path: String) throws(DatasetError) -> (width: Int, height: Int, pixels: [UInt8]) {
    let (sides, elements) = try read(path, imageKind, sides: 3)
    return (sides[2], sides[1], elements)
  }

  /// The labels of a file.
  static func labels(_ path: String) throws(DatasetError) -> [UInt8] {
    try read(path, labelKind, sides: 1).elements
  }

  private static func read(
    _ path: String, _ kind: UInt32, sides count: Int
  ) throws(DatasetError) -> (sides: [Int], elements: [UInt8]) {
    let file = try PackedFile(path)
    let found = try number(file)
    guard found == kind else { throw .idxKind(file: path, expected: kind, found: found) }
    var (sides, total, fits) = ([Int](), 1, true)
    for _ in 0..<count {
      guard let side = try number(file) else {
        throw .idxLength(file: path, expected: 4 * count, isLonger: false)
      }
      let (product, overflow) = total.multipliedReportingOverflow(by: Int(side))
      sides.append(Int(side))
      (total, fits) = (product, fits && side > 0 && !overflow && product <= limit)
    }
    guard fits else { throw .idxSize(file: path, sides: sides, limit: limit) }
    // Before memory is taken for what the header says.
    guard total <= file.most else { throw .idxLength(file: path, expected: total, isLonger: false) }
    let elements = try file.read(total)
    guard elements.count == total else { throw .idxLength(file: path, expected: total, isLonger: false) }
    guard try file.read(1).isEmpty else { throw .idxLength(file: path, expected: total, isLonger: true) }
    guard file.isAtEnd else { throw .gzip(file: path) }
    return (sides, elements)
  }

  /// The next four bytes as a number; `nil` where there are fewer.
  private static func number(_ file: PackedFile) throws(DatasetError) -> UInt32? {
    let bytes = try file.read(4)
    return bytes.count == 4 ? bytes.reduce(0) { $0 << 8 | UInt32($1) } : nil
  }
}
