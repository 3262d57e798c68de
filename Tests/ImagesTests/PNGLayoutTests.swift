import Images
import Testing

@Suite struct PNGLayoutTests {
  private let rows: [UInt8] = [0, 1, 2, 3]

  @Test func sizeIsCheckedBeforeMemoryIsTaken() {
    let file =
      HandmadePNG.signature + HandmadePNG.header(100_000, 100_000, bits: 8, colorType: 2)
      + HandmadePNG.data(rows) + HandmadePNG.chunk("IEND", [])
    #expect(
      refusal(file, name: "huge.png")
        == "huge.png: expected at most 65535 pixels a side and 536870912 in all, found 100000×100000; "
        + "scale it down, cut it into parts, or raise --max-pixels or --max-side")
    let limits = ImageLimits(maxPixels: 8)
    let small = HandmadePNG.file(3, 1, bits: 8, colorType: 0, rows: rows)
    #expect(refusal(small, limits: limits) == "none")
    #expect(refusal(small, limits: ImageLimits(maxPixels: 2)).contains("found 3×1"))
    #expect(refusal(small, limits: ImageLimits(maxSide: 2)).contains("at most 2 pixels a side"))
  }

  @Test func aBombOfMissingPixelsIsRefused() {
    let file = HandmadePNG.file(16000, 16000, bits: 8, colorType: 2, rows: rows)
    #expect(
      refusal(file, name: "bomb.png")
        == "bomb.png: expected a sound PNG, found it damaged (15 bytes of pixels, too few for 16000×16000); "
        + "copy or download it again")
  }

  @Test func brokenChunksAreNamed() {
    let start = HandmadePNG.signature + HandmadePNG.header(3, 1, bits: 8, colorType: 0)
    let end = HandmadePNG.data(rows) + HandmadePNG.chunk("IEND", [])
    #expect(refusal(start + end) == "none")
    #expect(refusal(start + end + [1, 2, 3]) == "none")
    #expect(
      refusal(start + HandmadePNG.chunk("gAMA", []) + end).contains("(gAMA of 0 bytes instead of 4)"))
    #expect(refusal(start + HandmadePNG.chunk("1234", []) + end).contains("(no chunk at byte 33)"))
    #expect(refusal(HandmadePNG.signature + end).contains("(no IHDR chunk)"))
    #expect(refusal(start + HandmadePNG.bigEndian(1 << 30) + Array("IDAT".utf8)).contains("cut off"))
  }
}
