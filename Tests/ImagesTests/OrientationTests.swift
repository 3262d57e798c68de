import Images
import Testing

@Suite struct OrientationTests {
  /// A 3×2 picture with a tag of the given value, in a PNG's eXIf chunk.
  private func tagged(_ value: UInt8, isLittle: Bool = true) -> [UInt8] {
    let tiff: [UInt8] =
      isLittle
      ? [0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, value, 0, 0, 0, 0, 0, 0, 0]
      : [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, value, 0, 0, 0, 0, 0, 0]
    return HandmadePNG.file(
      3, 2, bits: 8, colorType: 0, extra: HandmadePNG.chunk("eXIf", tiff), rows: [0, 1, 2, 3, 0, 4, 5, 6])
  }

  @Test func eachValueTurnsThePictureUpright() throws {
    let expected: [UInt8: (width: Int, samples: [Int])] = [
      0: (3, [1, 2, 3, 4, 5, 6]), 1: (3, [1, 2, 3, 4, 5, 6]), 2: (3, [3, 2, 1, 6, 5, 4]),
      3: (3, [6, 5, 4, 3, 2, 1]), 4: (3, [4, 5, 6, 1, 2, 3]), 5: (2, [1, 4, 2, 5, 3, 6]),
      6: (2, [4, 1, 5, 2, 6, 3]), 7: (2, [6, 3, 5, 2, 4, 1]), 8: (2, [3, 6, 2, 5, 1, 4]),
      9: (3, [1, 2, 3, 4, 5, 6]), 255: (3, [1, 2, 3, 4, 5, 6]),
    ]
    for (value, picture) in expected {
      for isLittle in [true, false] {
        let raster = try ImageReader.decode(tagged(value, isLittle: isLittle), name: "x")
        #expect(raster.width == picture.width && raster.values == picture.samples, "\(value)")
      }
      let labels = try MaskReader.decode(tagged(value), name: "x")
      #expect(labels.values.map(Int.init) == picture.samples, "\(value)")
    }
  }

  @Test func brokenTagsAreIgnored() throws {
    let tiffs: [[UInt8]] = [
      [], [0x49], [0x49, 0x49, 42, 0, 255, 255, 255, 255], [0x49, 0x49, 42, 0, 8, 0, 0, 0, 255, 255],
      [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0],
    ]
    for tiff in tiffs {
      let file = HandmadePNG.file(
        3, 2, bits: 8, colorType: 0, extra: HandmadePNG.chunk("eXIf", tiff), rows: [0, 1, 2, 3, 0, 4, 5, 6])
      #expect(try ImageReader.decode(file, name: "x").values == [1, 2, 3, 4, 5, 6])
    }
  }

  @Test(.enabled(if: Corpora.isPresent, "skipped: no data"))
  func picturesOfEveryOrientationLookAlike() throws {
    let upright = try ImageReader.read(Corpora.path("exif/Landscape_1.jpg"))
    for value in [0, 2, 3, 4, 5, 6, 7, 8] {
      let raster = try ImageReader.read(Corpora.path("exif/Landscape_\(value).jpg"))
      #expect(raster.width == 1800 && raster.height == 1200)
      #expect(raster.psnr(upright) > 25, "\(value)")
    }
    let hopper = try ImageReader.read(Corpora.path("pillow/hopper.jpg"))
    for value in 2...8 {
      let raster = try ImageReader.read(Corpora.path("pillow/hopper_orientation_\(value).jpg"))
      #expect(raster.width == 128 && raster.height == 128)
      #expect(raster.psnr(hopper) > 25, "\(value)")
    }
    let rectangle = try ImageReader.read(Corpora.path("pillow/orientation_rectangle.jpg"))
    #expect(rectangle.width == 1 && rectangle.height == 2)
  }
}
