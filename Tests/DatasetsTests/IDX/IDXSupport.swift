import Datasets
import Files

/// Bytes of files in the format of MNIST.
enum IDXBytes {
  /// A file with a magic number, sides and elements.
  static func file(_ kind: UInt32, _ sides: [UInt32], _ elements: [UInt8]) -> [UInt8] {
    ([kind] + sides).flatMap { bigEndian($0) } + elements
  }

  /// Images whose pixels count up from 0.
  static func images(_ count: Int, height: Int = 2, width: Int = 3) -> [UInt8] {
    let pixels = (0..<count * height * width).map { UInt8(truncatingIfNeeded: $0) }
    return file(0x803, [UInt32(count), UInt32(height), UInt32(width)], pixels)
  }

  /// A file of labels.
  static func labels(_ labels: [UInt8]) -> [UInt8] { file(0x801, [UInt32(labels.count)], labels) }

  private static func bigEndian(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  /// The bytes as gzip (RFC 1952) of one stored block, at most 65535 of them.
  static func gzip(_ bytes: [UInt8]) -> [UInt8] {
    let count = UInt16(bytes.count)
    let stored = [1] + little(UInt32(count), 2) + little(UInt32(~count), 2) + bytes
    return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + stored + little(checksum(bytes), 4)
      + little(UInt32(bytes.count), 4)
  }

  private static func little(_ value: UInt32, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  /// CRC-32 as in RFC 1952, section 8, bit by bit.
  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var sum: UInt32 = .max
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? 0xEDB8_8320 ^ sum >> 1 : sum >> 1 }
    }
    return ~sum
  }
}

extension TemporaryFolder {
  /// Writes IDX files and `set.yaml` for classes a, b and c, and opens its split `all`, whose keys end in `extra`.
  func digits(
    images: [UInt8] = IDXBytes.images(4), labels: [UInt8] = IDXBytes.labels([0, 2, 1, 0]),
    suffix: String = "",
    _ extra: String = ""
  ) throws -> Dataset {
    try DurableFile.write(images, to: "\(path)/i\(suffix)")
    try DurableFile.write(labels, to: "\(path)/l\(suffix)")
    try text(
      "set.yaml",
      """
      name: set
      format: idx
      classes: [a, b, c]
      root: .
      splits:
        all: {images: i, labels: l\(extra)}
      """)
    return try Dataset(try DatasetDescription.read("\(path)/set.yaml"), split: "all")
  }
}
