import Images
import Testing

@Suite struct MaskReaderTests {
  private func error(_ bytes: [UInt8]) -> String {
    do throws(ImageError) {
      _ = try MaskReader.decode(bytes, name: "masks/1.png")
      return "none"
    } catch {
      return error.description
    }
  }

  @Test func narrowGrayIsNotScaled() throws {
    let four = HandmadePNG.file(3, 1, bits: 4, colorType: 0, rows: [0, 0x1F, 0x70])
    #expect(try MaskReader.decode(four, name: "x").values == [1, 15, 7])
    #expect(try ImageReader.decode(four, name: "x").values == [17, 255, 119])
    let one = HandmadePNG.file(4, 1, bits: 1, colorType: 0, rows: [0, 0b1010_0000])
    #expect(try MaskReader.decode(one, name: "x").values == [1, 0, 1, 0])
    let two = HandmadePNG.file(4, 1, bits: 2, colorType: 0, rows: [0, 0b1110_0100])
    #expect(try MaskReader.decode(two, name: "x").values == [3, 2, 1, 0])
    let sixteen = HandmadePNG.file(1, 1, bits: 16, colorType: 0, rows: [0, 0x65, 0x72])
    #expect(try MaskReader.decode(sixteen, name: "x").values == [25970])
  }

  @Test func thePaletteIndexIsTheLabel() throws {
    let palette = HandmadePNG.chunk("PLTE", [9, 8, 7, 6, 5, 4])
    let file = HandmadePNG.file(3, 1, bits: 8, colorType: 3, extra: palette, rows: [0, 1, 0, 1])
    let labels = try MaskReader.decode(file, name: "x")
    #expect(labels.values == [1, 0, 1])
    #expect(
      labels.palette == [Color(red: 9, green: 8, blue: 7), Color(red: 6, green: 5, blue: 4)])
    #expect(try labels.mask(name: "x") == Mask(width: 3, height: 1, labels: [1, 0, 1]))
  }

  @Test(.enabled(if: Corpora.isPresent, "skipped: no data"))
  func masksOfOthersHoldTheirIndices() throws {
    let folder = "masks/mmseg-pseudo/"
    let cityscapes = folder + "pseudo_cityscapes_dataset/gtFine/frankfurt_000000_000294_gtFine_"
    let expected: [String: (largest: UInt16, sum: Int)] = [
      folder + "seg.png": (1, 127_584), folder + "pseudo_dataset/gts/00000_gt.png": (2, 6380),
      cityscapes + "instanceIds.png": (26002, 49_698_407), cityscapes + "labelIds.png": (26, 324_267),
    ]
    for (file, value) in expected {
      let labels = try MaskReader.read(Corpora.path(file))
      #expect(labels.values.max() == value.largest, "\(file)")
      #expect(labels.values.reduce(0) { $0 + Int($1) } == value.sum, "\(file)")
    }
    let instances = try MaskReader.read(Corpora.path(cityscapes + "instanceIds.png"))
    #expect(throws: ImageError.self) { try instances.mask(name: "x") }
  }

  @Test func colorsAndLossyFilesAreRefused() throws {
    #expect(
      error(try PictureWriter.png(.pattern(2, 2, 3)))
        == "masks/1.png: expected class indices (a palette or gray PNG), found RGB colors; "
        + "convert its colors to class indices and save them as a palette or gray PNG")
    #expect(error(try PictureWriter.png(.pattern(2, 2, 4))).contains("found RGBA colors"))
    #expect(error(try PictureWriter.png(.pattern(2, 2, 2))).contains("found gray values with alpha"))
    #expect(
      error(SmallJPEG.gray)
        == "masks/1.png: expected a PNG mask, found a JPEG, whose compression changes labels; "
        + "export the masks as PNG from their source")
  }

  @Test func labelsBeyondAByteAreNamed() {
    let labels = LabelImage(width: 3, height: 1, values: [255, 256, 1000])
    let error = #expect(throws: ImageError.self) { try labels.mask(name: "m.png") }
    #expect(
      error?.description
        == "m.png: expected labels 0…255, found up to 1000 in 2 pixels; map them to class indices first")
  }
}
