import Foundation
import Images
import Testing

@Suite struct FileKindTests {
  @Test func eachKindIsNamed() {
    let cases: [(String, String)] = [
      ("GIF89a", "a GIF image; convert it to PNG or JPEG"),
      ("RIFF\0\0\0\0WEBPVP8 ", "a WebP image; convert it to PNG or JPEG"),
      ("II*\0\u{8}", "a TIFF image; convert it to PNG or JPEG"),
      ("MM\0*\0", "a TIFF image; convert it to PNG or JPEG"),
      ("BM\0\0", "a BMP image; convert it to PNG or JPEG"),
      ("\0\0\0 ftypheic", "a HEIC image; convert it to PNG or JPEG"),
      ("\0\0\0 ftypavif", "an AVIF image; convert it to PNG or JPEG"),
      ("\0\0\0 ftypisom", "a video; check that this is the right file"),
      ("%PDF-1.7", "a PDF document; check that this is the right file"),
      ("hello, world", "text; check that this is the right file"),
      ("<!DOCTYPE html><html>", "an HTML page; check that this is the right file"),
      ("<svg xmlns=''>", "an SVG drawing; convert it to PNG or JPEG"),
      ("version https://git-lfs.github.com/spec/v1", "a Git LFS pointer; check that this is the right file"),
      ("\u{1}\u{2}\u{3}", "data of an unknown format; check that this is the right file"),
      ("\u{89}PNG\n\u{1A}\n", "a PNG with a damaged signature; copy it again in binary mode"),
    ]
    for (start, expected) in cases {
      let bytes = start.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
      #expect(
        refusal(bytes, name: "photo.png") == "photo.png: expected a PNG or JPEG image, found \(expected)")
    }
    #expect(
      refusal(Array("größer als".utf8))
        == "x: expected a PNG or JPEG image, found text; check that this is the right file")
  }

  @Test func anEmptyFileIsNamed() {
    #expect(
      refusal([], name: "photo.png")
        == "photo.png: expected a PNG or JPEG image, found an empty file; copy or download it again")
  }

  @Test func theNameDoesNotSayTheFormat() throws {
    let picture = Raster.pattern(4, 4, 3)
    #expect(try ImageReader.decode(try PictureWriter.png(picture), name: "photo.jpg") == picture)
    #expect(ImageFormat.sniff(SmallJPEG.gray) == .jpeg)
    #expect(ImageFormat.sniff(Array("GIF89a".utf8)) == nil)
  }

  @Test func aFileBeyondTheLimitIsNotRead() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("images-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(repeating: 0, count: 100).write(to: URL(fileURLWithPath: path))
    let error = #expect(throws: ImageError.self) {
      try ImageReader.read(path, limits: ImageLimits(maxFileBytes: 99))
    }
    #expect(
      error?.description
        == "\(path): expected an image file of at most 99 bytes, found 100; raise --max-file-size")
  }
}
