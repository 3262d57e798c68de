import Images
import Testing

@Suite struct ImageHeaderTests {
  private let raster = Raster(
    width: 5, height: 3, channels: 3, samples: .eight([UInt8](repeating: 7, count: 45)))

  @Test func sizes() throws {
    let png = try ImageHeader(try PictureWriter.png(raster), name: "a.png")
    #expect(png.format == .png && png.width == 5 && png.height == 3 && png.colorType == .rgb)
    let jpeg = try ImageHeader(try PictureWriter.jpeg(raster), name: "a.jpg")
    #expect(jpeg.format == .jpeg && jpeg.width == 5 && jpeg.height == 3 && jpeg.colorType == nil)
  }

  @Test func aCutFileIsFound() throws {
    let bytes = try PictureWriter.png(raster)
    #expect(throws: ImageError.cutOff(name: "a.png", format: .png, bytes: bytes.count - 1)) {
      try ImageHeader(Array(bytes.dropLast()), name: "a.png")
    }
    #expect(throws: ImageError.empty(name: "a.png")) { try ImageHeader([], name: "a.png") }
  }
}
