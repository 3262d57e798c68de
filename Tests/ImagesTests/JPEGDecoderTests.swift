import Foundation
import Images
import Testing

/// The checksums are those of Pillow's pixels, `convert("RGB")` or `"L"`.
@Suite struct JPEGDecoderTests {
  @Test func smallFilesEqualPillow() throws {
    let expected: [(bytes: [UInt8], channels: Int, checksum: UInt64)] = [
      (SmallJPEG.rgb420, 3, 0x48b4_73d7_a591_c47b), (SmallJPEG.progressive, 3, 0x3811_b651_5093_cd1c),
      (SmallJPEG.gray, 1, 0x6779_8fb9_cae2_00c7), (SmallJPEG.cmyk, 3, 0xe23d_5ac3_6976_12a5),
    ]
    for (bytes, channels, checksum) in expected {
      let raster = try ImageReader.decode(bytes, name: "small.jpg")
      #expect(raster.width == 17 && raster.height == 9 && raster.channels == channels)
      #expect(raster.checksum == checksum)
    }
  }

  @Test(.enabled(if: Corpora.isPresent, "skipped: no data"))
  func filesOfOthersEqualPillow() throws {
    let expected: [String: UInt64] = [
      "libjpeg-turbo/testorig.jpg": 0x6636_942c_0993_83b0, "pillow/flower.jpg": 0xf03f_b417_b0c6_354a,
      "pillow/icc_profile_big.jpg": 0xe8ec_b09f_a54a_a279, "pillow/rgb.jpg": 0x2e47_8015_e727_f765,
      "pillow/pil_sample_cmyk.jpg": 0x9b92_ebfd_81ed_41bc, "pillow/hopper_gray.jpg": 0xbd95_61c7_7d7c_20f8,
      "pillow/truncated_app14.jpg": 0x817c_ba73_bf34_21ea,
    ]
    for (file, checksum) in expected {
      #expect(try ImageReader.read(Corpora.path(file)).checksum == checksum, "\(file)")
    }
  }

  /// Every JPEG of the corpora against djpeg of the same libjpeg-turbo, by Tools/Golden/jpegs.py; what makes djpeg
  /// complain may be refused.
  @Test(.enabled(if: Corpora.isPresent, "skipped: no data"))
  func everyFileOfTheCorporaEqualsLibjpegTurbos() throws {
    let folder = Bundle.module.resourceURL ?? Bundle.module.bundleURL
    let table = try String(contentsOf: folder.appendingPathComponent("Golden/jpegs.tsv"), encoding: .utf8)
    var (equal, refused) = (0, [String]())
    for line in table.split(separator: "\n") {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      try #require(fields.count == 6)
      do throws(ImageError) {
        let raster = try ImageReader.read(Corpora.path(fields[0]))
        #expect(
          [raster.width, raster.height, raster.channels].map(String.init) == Array(fields[1...3]), "\(line)")
        #expect(raster.checksum == UInt64(fields[4], radix: 16), "\(line)")
        equal += 1
      } catch {
        #expect(!fields[5].isEmpty, "\(error)")
        refused.append((fields[0] as NSString).lastPathComponent)
      }
    }
    #expect(equal == 76)
    #expect(refused == ["monkey12.jpg", "hopper_bad_exif.jpg", "truncated_jpeg.jpg", "ultrahdr.jpg"])
  }

  @Test(.enabled(if: Corpora.isPresent, "skipped: no data"))
  func arithmeticCodingEqualsHuffman() throws {
    let arithmetic = try ImageReader.read(Corpora.path("libjpeg-turbo/testimgari.jpg"))
    #expect(arithmetic == (try ImageReader.read(Corpora.path("libjpeg-turbo/testimgint.jpg"))))
  }

  @Test(.enabled(if: Corpora.isPresent, "skipped: no data"))
  func twelveBitsAreRefusedByName() {
    let path = Corpora.path("libjpeg-turbo/monkey12.jpg")
    let error = #expect(throws: ImageError.self) { try ImageReader.read(path) }
    #expect(
      error?.description
        == "\(path): expected a JPEG of 8 bits a sample, found 12-bit samples; convert it to PNG")
  }

  @Test(.enabled(if: Corpora.isPresent, "skipped: no data"))
  func cutAndDamagedFilesAreRefused() {
    for file in ["pillow/truncated_jpeg.jpg", "pillow/ultrahdr.jpg", "pillow/hopper_bad_exif.jpg"] {
      #expect(throws: ImageError.self, "\(file)") { try ImageReader.read(Corpora.path(file)) }
    }
  }

  @Test func everyCutIsRefused() {
    for file in [SmallJPEG.rgb420, SmallJPEG.progressive, SmallJPEG.gray, SmallJPEG.cmyk] {
      for count in 0..<file.count {
        #expect(refusal(Array(file.prefix(count))) != "none", "\(count) of \(file.count) bytes")
      }
    }
    let cut = Array(SmallJPEG.gray.dropLast(5))
    #expect(
      refusal(cut, name: "a.jpg")
        == "a.jpg: expected a whole JPEG, found it cut off after \(cut.count) bytes; "
        + "copy or download it again"
    )
  }

  @Test func aBombOfScansIsRefused() {
    let file = SmallJPEG.progressive
    #expect(
      refusal(file, limits: ImageLimits(maxScans: 3))
        == "x: expected a JPEG of a common kind, found another (more than 3 scans); "
        + "convert it to an 8-bit PNG")
    let scans = file.indices.dropLast().filter { file[$0] == 0xFF && file[$0 + 1] == 0xDA }
    #expect(refusal(file, limits: ImageLimits(maxScans: scans.count)) == "none")
    let tables = file.indices.dropLast().first { $0 > scans[0] && file[$0] == 0xFF && file[$0 + 1] == 0xC4 }
    let repeated = file[..<scans[0]] + file[scans[0]..<(tables ?? 0)] + file[scans[0]...]
    #expect(refusal(Array(repeated)).contains("Inconsistent progression sequence"))
  }

  @Test func aHugePictureInAFewBytesIsRefused() {
    var file = SmallJPEG.progressive
    let frame = file.indices.dropLast().first { file[$0] == 0xFF && file[$0 + 1] == 0xC2 } ?? 0
    file.replaceSubrange(frame + 5..<frame + 9, with: [0x3E, 0x80, 0x3E, 0x80])
    #expect(refusal(file).contains("cut off after \(file.count) bytes"))
    file.replaceSubrange(frame + 5..<frame + 9, with: [0xFF, 0xDC, 0xFF, 0xDC])
    #expect(refusal(file).contains("found 65500×65500"))
  }
}
