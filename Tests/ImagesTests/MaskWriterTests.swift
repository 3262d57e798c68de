import Foundation
import Images
import Testing

@Suite struct MaskWriterTests {
  @Test func indicesAndColorsComeBack() throws {
    let mask = Mask(width: 7, height: 37, labels: (0..<259).map { UInt8($0 % 256) })
    let bytes = try MaskWriter.png(mask)
    #expect(bytes[24] == 8 && bytes[25] == 3)
    let labels = try MaskReader.decode(bytes, name: "x")
    #expect(try labels.mask(name: "x") == mask)
    #expect(labels.palette == Palette.voc.colors)
    #expect(try ImageReader.decode(bytes, name: "x") == mask.colored(.voc))
  }

  @Test func theFileKeepsThePaletteAndAddsWhatLabelsNeed() throws {
    let red = Color(red: 200, green: 10, blue: 20)
    let mask = Mask(width: 2, height: 1, labels: [0, 3])
    let labels = try MaskReader.decode(try MaskWriter.png(mask, palette: Palette([red])), name: "x")
    #expect(labels.palette == [red] + Palette.voc.colors[1...3])
    let wide = try MaskReader.decode(
      try MaskWriter.png(mask, palette: Palette(Array(repeating: red, count: 9))), name: "x")
    #expect(wide.palette?.count == 9)
  }

  @Test func aMaskWithoutPixelsIsRefused() {
    let error = #expect(throws: ImageError.self) {
      try MaskWriter.png(Mask(width: 0, height: 4, labels: []))
    }
    #expect(
      error?.description
        == "output: expected a picture that a PNG can hold, found 0×4 (Invalid IHDR data); "
        + "choose another size or format")
  }

  @Test func filesAreWrittenAndErrorsNameThem() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("images-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let mask = Mask(width: 2, height: 2, labels: [0, 1, 2, 255])
    try MaskWriter.write(mask, to: folder + "/deep/mask.png")
    #expect(try MaskReader.read(folder + "/deep/mask.png").mask(name: "x") == mask)
    let error = #expect(throws: ImageError.self) { try MaskReader.read(folder + "/none.png") }
    #expect(
      error?.description == "\(folder)/none.png: expected a file, found nothing; check the path")
  }
}
