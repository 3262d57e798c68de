import Foundation
import Images
import Testing

@Suite struct PNGDecoderTests {
  @Test(.enabled(if: Corpora.isPresent, "skipped: no data"))
  func everyLegalFileOfPngSuiteIsPixelExact() throws {
    var exact = 0
    for file in Corpora.files(in: "pngsuite/png") where !file.hasPrefix("pngsuite/png/x") {
      let raster = try ImageReader.read(Corpora.path(file))
      let golden = Corpora.path("pngsuite/json/" + (file as NSString).lastPathComponent)
        .replacingOccurrences(of: ".png", with: ".json")
      let expected = try String(contentsOfFile: golden, encoding: .utf8).utf8
        .split { !(0x30...0x39).contains($0) }.map { $0.reduce(0) { $0 * 10 + Int($1) - 0x30 } }
      #expect(Self.rgba(raster) == expected, "\(file)")
      exact += 1
    }
    #expect(exact == 161)
    // The index of the suite has no pixels beside it; this is the checksum of Pillow's.
    let index = try ImageReader.read(Corpora.path("pngsuite/PngSuite.png"))
    #expect(index.checksum == 0xacbf_3f49_5f91_d6ce)
  }

  @Test(.enabled(if: Corpora.isPresent, "skipped: no data"))
  func everyCorruptFileIsRefused() throws {
    let files = Corpora.files(in: "pngsuite/png").filter { $0.hasPrefix("pngsuite/png/x") }
    #expect(files.count == 14)
    for file in files {
      #expect(throws: ImageError.self, "\(file)") { try ImageReader.read(Corpora.path(file)) }
    }
    #expect(throws: ImageError.damaged(name: "x", format: .png, reason: "IDAT: CRC error")) {
      let path = Corpora.path("pngsuite/png/xcsn0g01.png")
      return try ImageReader.decode([UInt8](Data(contentsOf: URL(fileURLWithPath: path))), name: "x")
    }
  }

  @Test(.enabled(if: Corpora.isPresent, "skipped: no data"))
  func crashersAreRefusedAtOnce() {
    let files = Corpora.files(in: "libpng-contrib/testpngs/crashers")
    #expect(files.count == 23)
    let clock = ContinuousClock()
    for file in files {
      let time = clock.measure {
        #expect(throws: ImageError.self, "\(file)") { try ImageReader.read(Corpora.path(file)) }
      }
      #expect(time < .milliseconds(100), "\(file)")
    }
  }

  /// Blocks of a byte each make of a megabyte of pixels six of IDAT, which is legal.
  @Test func oneChunkFarLongerThanItsPixels() throws {
    let (width, height) = (1000, 1000)
    var rows: [UInt8] = []
    for y in 0..<height { rows += [0] + (0..<width).map { UInt8(truncatingIfNeeded: $0 * 7 + y * 13) } }
    let file =
      HandmadePNG.signature + HandmadePNG.header(width, height, bits: 8, colorType: 0)
      + HandmadePNG.data(rows, block: 1) + HandmadePNG.chunk("IEND", [])
    let expected = Raster(
      width: width, height: height, channels: 1,
      samples: .eight(
        (0..<width * height).map { UInt8(truncatingIfNeeded: $0 % width * 7 + $0 / width * 13) }))
    #expect(try ImageReader.decode(file, name: "x.png") == expected)
  }

  @Test(.enabled(if: Corpora.isPresent, "skipped: no data"))
  func indicesBeyondThePaletteAreBlack() throws {
    for file in Corpora.files(in: "libpng-contrib/testpngs/badpal") {
      let raster = try ImageReader.read(Corpora.path(file))
      #expect(raster.channels == 3, "\(file)")
    }
  }

  @Test(.enabled(if: Corpora.isPresent, "skipped: no data"))
  func sixteenBitAndTransparentFilesKeepDepthAndAlpha() throws {
    let expected = [
      "pillow/i_trns.png": (2, 16), "pillow/l_trns.png": (2, 8), "pillow/1_trns.png": (2, 8),
      "pillow/rgb_trns.png": (4, 8), "pillow/p_trns_single.png": (4, 8), "pillow/p_16.png": (4, 8),
      "libjpeg-turbo/monkey16.png": (3, 16), "libpng-contrib/testpngs/gray-alpha-16.png": (2, 16),
    ]
    for (file, (channels, bits)) in expected {
      let raster = try ImageReader.read(Corpora.path(file))
      var depth = 8
      if case .sixteen = raster.samples { depth = 16 }
      #expect(raster.channels == channels && depth == bits, "\(file)")
    }
  }

  @Test func sixteenBitsAreInNativeOrder() throws {
    let file = HandmadePNG.file(2, 1, bits: 16, colorType: 0, rows: [0, 0x12, 0x34, 0xFF, 0x00])
    let raster = try ImageReader.decode(file, name: "x")
    #expect(raster == Raster(width: 2, height: 1, channels: 1, samples: .sixteen([0x1234, 0xFF00])))
  }

  @Test func everyCutIsRefused() throws {
    let file = try PictureWriter.png(.pattern(5, 4, 3))
    for count in 0..<file.count { #expect(refusal(Array(file.prefix(count))) != "none") }
    #expect(
      refusal(Array(file.dropLast(3)))
        == "x: expected a whole PNG, found it cut off after \(file.count - 3) bytes; "
        + "copy or download it again"
    )
  }

  @Test func everyChangedByteIsRefused() throws {
    let file = try PictureWriter.png(.pattern(5, 4, 1))
    for index in file.indices {
      var changed = file
      changed[index] ^= 0x55
      #expect(refusal(changed) != "none", "byte \(index)")
    }
  }

  /// Pixels as red, green, blue, alpha at the picture's depth.
  private static func rgba(_ raster: Raster) -> [Int] {
    var full = 255
    if case .sixteen = raster.samples { full = 65535 }
    let values = raster.values
    return (0..<raster.width * raster.height).flatMap { (pixel: Int) -> [Int] in
      let part = values[pixel * raster.channels..<(pixel + 1) * raster.channels]
      let gray = part[part.startIndex]
      return switch raster.channels {
      case 1: [gray, gray, gray, full]
      case 2: [gray, gray, gray, part[part.startIndex + 1]]
      case 3: part + [full]
      default: Array(part)
      }
    }
  }
}
