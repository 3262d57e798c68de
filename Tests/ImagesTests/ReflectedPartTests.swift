import Files
import Images
import Testing

@Suite struct ReflectedPartTests {
  private let picture = Raster(width: 3, height: 2, channels: 1, samples: .eight([1, 2, 3, 4, 5, 6]))

  @Test func inside() {
    #expect(
      picture.reflectedPart(x: 1, y: 0, width: 2, height: 2)
        == picture.cropped(x: 1, y: 0, width: 2, height: 2))
  }

  /// As numpy's pad with mode "reflect".
  @Test func beyondTheBorders() {
    let part = picture.reflectedPart(x: 1, y: 1, width: 7, height: 3)
    #expect(part.width == 7 && part.height == 3)
    #expect(part.values == [5, 6, 5, 4, 5, 6, 5, 2, 3, 2, 1, 2, 3, 2, 5, 6, 5, 4, 5, 6, 5])
  }

  @Test func aPictureOfOnePixelIsRepeated() {
    let one = Raster(width: 1, height: 1, channels: 2, samples: .sixteen([7, 900]))
    #expect(one.reflectedPart(x: 0, y: 0, width: 2, height: 2).values == [7, 900, 7, 900, 7, 900, 7, 900])
  }

  @Test func mirrors() {
    #expect(picture.mirrored(horizontally: true, vertically: false).values == [3, 2, 1, 6, 5, 4])
    #expect(picture.mirrored(horizontally: false, vertically: true).values == [4, 5, 6, 1, 2, 3])
    #expect(picture.mirrored(horizontally: true, vertically: true).values == [6, 5, 4, 3, 2, 1])
    #expect(picture.mirrored(horizontally: false, vertically: false) == picture)
  }

  /// Rows given one by one make the bytes that the whole picture makes.
  @Test func rowsMakeTheSameFile() throws {
    let wide = Raster(
      width: 41, height: 17, channels: 3,
      samples: .sixteen((0..<41 * 17 * 3).map { UInt16(truncatingIfNeeded: $0 * 771) }))
    guard case .sixteen(let samples) = wide.samples else { return }
    var asked: [Int] = []
    var bytes: [UInt8] = []
    try PictureWriter.png(width: 41, height: 17, channels: 3, to: { bytes.append(contentsOf: $0) }) {
      (y, row: UnsafeMutableBufferPointer<UInt16>) in
      asked.append(y)
      for x in row.indices { row[x] = samples[y * 123 + x] }
    }
    #expect(bytes == (try PictureWriter.png(wide)))
    #expect(asked == Array(0..<17))
    #expect(throws: ImageError.self) {
      try PictureWriter.png(width: 0, height: 1, channels: 1, to: { _ in }) {
        (_, _: UnsafeMutableBufferPointer<UInt8>) in
      }
    }
  }

  /// The error of what takes the bytes comes out, and no row is asked for after it.
  @Test func bytesThatAreNotTaken() throws {
    let failure = FileError.cannotWrite(path: "x.png", reason: "no space left on device")
    var generator = SystemRandomNumberGenerator()
    var (taken, rows) = (0, 0)
    #expect(throws: ImageError.file(failure)) {
      try PictureWriter.png(
        width: 4000, height: 100, channels: 3,
        to: { part throws(FileError) in
          taken += 1
          if taken == 2 { throw failure }
        }
      ) { (_, row: UnsafeMutableBufferPointer<UInt8>) in
        rows += 1
        for index in row.indices { row[index] = generator.next() }
      }
    }
    #expect(taken == 2 && rows < 100)
  }

  @Test func rowsAsRGB() {
    let gray = Raster(width: 2, height: 2, channels: 2, samples: .eight([10, 255, 20, 0, 30, 255, 40, 255]))
    var row = [UInt8](repeating: 0, count: 6)
    row.withUnsafeMutableBufferPointer { gray.writeRGB8(row: 0, to: $0) }
    #expect(row == [10, 10, 10, 255, 255, 255])
  }

  @Test func aBareLabelIsLeft() {
    let tint = ClassTint(Palette([Color(red: 100, green: 0, blue: 0)]), opacity: 1, bare: 9)
    var rgb: [UInt8] = [1, 2, 3, 4, 5, 6]
    let labels: [UInt8] = [0, 9]
    rgb.withUnsafeMutableBufferPointer { rgb in labels.withUnsafeBufferPointer { tint.apply($0, to: rgb) } }
    #expect(rgb == [100, 0, 0, 4, 5, 6])
  }
}
