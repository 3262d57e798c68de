import Foundation
import Images
import Testing

@Suite struct PictureWriterTests {
  @Test func pngKeepsChannelsAndDepth() throws {
    for channels in 1...4 {
      let eight = Raster.pattern(13, 7, channels)
      #expect(try ImageReader.decode(try PictureWriter.png(eight), name: "x") == eight)
      var sixteen = eight
      sixteen.samples = .sixteen(eight.values.map { UInt16($0 * 257 ^ 0x0F0) })
      #expect(try ImageReader.decode(try PictureWriter.png(sixteen), name: "x") == sixteen)
    }
  }

  @Test func jpegComesNear() throws {
    let samples = (0..<40 * 30).flatMap { (pixel: Int) -> [UInt8] in
      [UInt8(pixel % 40 * 6), UInt8(pixel / 40 * 8), UInt8(128)]
    }
    let picture = Raster(width: 40, height: 30, channels: 3, samples: .eight(samples))
    let best = try ImageReader.decode(try PictureWriter.jpeg(picture, quality: 100), name: "x")
    #expect(best.channels == 3 && best.psnr(picture) > 40)
    let worst = try PictureWriter.jpeg(picture, quality: -5)
    #expect(worst.count < (try PictureWriter.jpeg(picture)).count)
    let gray = Raster(width: 2, height: 1, channels: 1, samples: .sixteen([0, 65535]))
    #expect(try ImageReader.decode(try PictureWriter.jpeg(gray, quality: 100), name: "x").channels == 1)
  }

  @Test func aPictureThatJPEGCannotHoldIsRefused() {
    let error = #expect(throws: ImageError.self) {
      try PictureWriter.jpeg(
        Raster(width: 70000, height: 1, channels: 1, samples: .eight(Array(repeating: 0, count: 70000))))
    }
    #expect(
      error?.description.hasPrefix("output: expected a picture that a JPEG can hold, found 70000×1") == true)
    #expect(throws: ImageError.self) {
      try PictureWriter.jpeg(Raster(width: 0, height: 0, channels: 3, samples: .eight([])))
    }
  }

  @Test func theNameSaysTheFormat() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("images-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let picture = Raster.pattern(9, 9, 3)
    try PictureWriter.write(picture, to: folder + "/a.PNG")
    try PictureWriter.write(picture, to: folder + "/a.jpeg")
    #expect(try ImageReader.read(folder + "/a.PNG") == picture)
    #expect(try ImageReader.read(folder + "/a.jpeg").width == 9)
    let error = #expect(throws: ImageError.self) { try PictureWriter.write(picture, to: "a.gif") }
    #expect(
      error?.description
        == "a.gif: expected a name ending in .png, .jpg or .jpeg, found another; rename the output")
  }
}
