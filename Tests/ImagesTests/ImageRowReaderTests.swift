import Foundation
import Images
import Testing

@Suite struct ImageRowReaderTests {
  /// All rows, `step` at a time.
  private func rows(_ path: String, _ step: Int) throws -> Raster {
    let reader = try ImageRowReader(path)
    var samples: [UInt8] = []
    while reader.row < reader.height {
      let before = reader.row
      let part = try reader.next(step)
      #expect(part.width == reader.width && part.height == min(step, reader.height - before))
      #expect(reader.row == before + part.height)
      if case .eight(let values) = part.samples { samples += values }
    }
    #expect(try reader.next(step).height == 0)
    return Raster(width: reader.width, height: reader.height, channels: 3, samples: .eight(samples))
  }

  /// What the whole reader gives, as RGB; the same error where it gives none.
  private func expectSame(_ path: String, _ step: Int) {
    let whole = Result { try ImageReader.read(path).rgb8() }
    let byRows = Result { try rows(path, step) }
    switch (whole, byRows) {
    case (.success(let whole), .success(let byRows)):
      #expect((whole == byRows) == true, "\(path), \(step) rows at a time")
    case (.failure(let whole), .failure(let byRows)): #expect("\(whole)" == "\(byRows)", "\(path)")
    case (_, .failure(let error)): Issue.record("\(error)")
    case (.failure(let error), _): Issue.record("\(error)")
    }
  }

  private func refusal(_ body: () throws -> some Any) -> String {
    do {
      _ = try body()
      return "none"
    } catch {
      return "\(error)"
    }
  }

  @Test(arguments: [(1, 1), (7, 5), (13, 64), (1, 33), (31, 1)])
  func everyKindOfPNG(width: Int, height: Int) throws {
    try withFolder { folder in
      for channels in 1...4 {
        var picture = Raster.pattern(width, height, channels)
        for step in [1, 3, 100] {
          try PictureWriter.write(picture, to: "\(folder)/a.png")
          expectSame("\(folder)/a.png", step)
        }
        picture.samples = .sixteen(picture.values.map { UInt16($0 * 257 ^ 0x0F0) })
        try PictureWriter.write(picture, to: "\(folder)/a.png")
        expectSame("\(folder)/a.png", 2)
      }
      let mask = Mask(width: width, height: height, labels: (0..<width * height).map { UInt8($0 % 23) })
      try MaskWriter.write(mask, to: "\(folder)/a.png")
      expectSame("\(folder)/a.png", 4)
    }
  }

  @Test func everyKindOfJPEG() throws {
    try withFolder { folder in
      let files = [
        SmallJPEG.rgb420, SmallJPEG.progressive, SmallJPEG.gray, SmallJPEG.cmyk, SmallJPEG.tallProgressive,
      ]
      for (index, file) in files.enumerated() {
        try write(file, to: "\(folder)/\(index).jpg")
        for step in [1, 4, 100] { expectSame("\(folder)/\(index).jpg", step) }
      }
      // Many buffers' full.
      try PictureWriter.write(.pattern(701, 503, 3), to: "\(folder)/large.jpg", quality: 100)
      expectSame("\(folder)/large.jpg", 77)
    }
  }

  @Test(.enabled(if: Corpora.isPresent, "skipped: no data"))
  func everyPNGOfTheSuite() throws {
    let files = Corpora.files(in: "pngsuite/png") + ["pngsuite/PngSuite.png"]
    #expect(files.count == 176)
    var (interlaced, others) = (0, 0)
    for file in files.map(Corpora.path) {
      // Byte 28 of the file is IHDR's interlace method.
      let isLegal = (try? ImageReader.read(file)) != nil
      guard isLegal, try [UInt8](Data(contentsOf: URL(fileURLWithPath: file)))[28] == 1 else {
        if isLegal { others += 1 }
        expectSame(file, 5)
        continue
      }
      interlaced += 1
      #expect(
        refusal { try ImageRowReader(file) }
          == "\(file): expected a picture that can be read row by row, found an interlaced PNG; "
          + "save it without interlacing")
    }
    #expect(interlaced + others == 162)
    #expect(interlaced == 35)
  }

  @Test(.enabled(if: Corpora.isPresent, "skipped: no data"))
  func everyPictureOfTheCorpora() throws {
    let folders = [
      "pillow", "libjpeg-turbo", "exif", "libpng-contrib/testpngs", "libpng-contrib/testpngs/crashers",
    ]
    var turned = 0
    for file in folders.flatMap(Corpora.files).map(Corpora.path) {
      switch try? ImageFile(file).header.rowObstacle {
      case nil: expectSame(file, 16)
      case .interlaced: break
      case .turned:
        turned += 1
        #expect(
          refusal { try ImageRowReader(file) }
            == "\(file): expected a picture that can be read row by row, found one that its EXIF orientation turns; "
            + "save it upright, without the tag")
      }
    }
    // Values 2 to 8 of two series, and two more.
    #expect(turned == 16)
  }

  @Test func aHeaderFromAFileIsThatFromMemory() throws {
    try withFolder { folder in
      let png = try PictureWriter.png(.pattern(9, 4, 4))
      for (bytes, name) in [(png, "a.png"), (SmallJPEG.progressive, "b.jpg")] {
        try write(bytes, to: "\(folder)/\(name)")
        let file = try ImageFile("\(folder)/\(name)")
        #expect(file.header == (try ImageHeader(bytes, name: name)) && file.bytes == bytes.count)
        #expect(try file.raster() == ImageReader.decode(bytes, name: name))
        let limits = ImageLimits(maxFileBytes: bytes.count - 1)
        #expect(
          refusal { try ImageFile("\(folder)/\(name)", limits: limits) }
            == "\(folder)/\(name): expected an image file of at most \(bytes.count - 1) bytes, found "
            + "\(bytes.count); raise --max-file-size")
        #expect(
          refusal { try ImageFile("\(folder)/\(name)", limits: ImageLimits(maxPixels: 3)) }.contains(
            "and 3 in all, found"))
      }
      for name in ["a.png", "b.jpg"] {
        let header = try ImageFile("\(folder)/\(name)").header
        // 17×9 pixels in 4:2:0 are 3×2 blocks of luma and 2×1 of each colour; their bounds go to whole units.
        let coefficients = name == "b.jpg" ? 2 * 64 * (4 * 3 + 2 * (2 * 1)) : 0
        #expect(header.rowReadingBytes == 1 << 20 + 128 * header.width + coefficients)
      }
    }
  }

  @Test func coefficientsThatDoNotFitAreRefused() throws {
    try withFolder { folder in
      let path = "\(folder)/a.jpg"
      try write(SmallJPEG.tallProgressive, to: path)
      #expect(
        refusal { try ImageRowReader(path, maxMemory: 1000) }
          == "\(path): expected memory for 33×150 pixels, found too little; "
          + "scale it down or save it as a baseline JPEG or a PNG")
      #expect(
        refusal { try ImageRowReader(path, maxMemory: try ImageFile(path).header.rowReadingBytes) } == "none")
      #expect(
        refusal { try ImageRowReader(path, limits: ImageLimits(maxScans: 3)) }.contains("more than 3 scans"))
    }
  }

  /// Rows before the damage come, and everything after it is refused, again and again.
  @Test func damageIsFoundWhereItIs() throws {
    try withFolder { folder in
      let path = "\(folder)/a.png"
      var file = try PictureWriter.png(noise(300, 200))
      // A byte in the fourth quarter of the data, whose chunk's checksum is now wrong.
      file[file.count * 3 / 4] ^= 1
      try write(file, to: path)
      let reader = try ImageRowReader(path)
      #expect(try reader.next(100) == noise(300, 200).cropped(x: 0, y: 0, width: 300, height: 100))
      for _ in 0..<2 {
        #expect(
          refusal { try reader.next(100) }
            == "\(path): expected a sound PNG, found it damaged (IDAT: CRC error); copy or download it again")
      }
      #expect(reader.row == 100)
    }
  }

  @Test func aFileThatIsCutWhileItIsRead() throws {
    try withFolder { folder in
      try PictureWriter.write(noise(300, 600), to: "\(folder)/a.png")
      try PictureWriter.write(noise(300, 600), to: "\(folder)/b.jpg", quality: 100)
      for name in ["a.png", "b.jpg"] {
        let path = "\(folder)/\(name)"
        let size = try ImageFile(path).bytes
        let reader = try ImageRowReader(path)
        #expect(try reader.next(100) == ImageReader.read(path).cropped(x: 0, y: 0, width: 300, height: 100))
        #expect(truncate(path, off_t(size / 2)) == 0)
        let kind = name == "a.png" ? "PNG" : "JPEG"
        #expect(
          refusal { try reader.next(500) }
            == "\(path): expected a whole \(kind), found it cut off after \(size) bytes; copy or download it again"
        )
      }
    }
  }

  @Test func everyCutIsRefusedAsWhole() throws {
    try withFolder { folder in
      let files = [
        "a.png": try PictureWriter.png(.pattern(5, 4, 3)), "b.jpg": SmallJPEG.rgb420,
        "c.jpg": SmallJPEG.progressive,
      ]
      for (name, file) in files {
        for count in 0..<file.count {
          try write(Array(file.prefix(count)), to: "\(folder)/\(name)")
          expectSame("\(folder)/\(name)", 3)
        }
      }
    }
  }

  @Test func everyChangedByteOfAPNGIsRefusedAsWhole() throws {
    try withFolder { folder in
      let file = try PictureWriter.png(.pattern(5, 4, 1))
      for index in file.indices {
        var changed = file
        changed[index] ^= 0x55
        try write(changed, to: "\(folder)/a.png")
        // The interlace method is changed before its checksum tells.
        expectSame("\(folder)/a.png", 3)
      }
    }
  }

  @Test func whatIsNoFile() throws {
    try withFolder { folder in
      #expect(mkfifo("\(folder)/pipe.png", 0o600) == 0)
      #expect(
        refusal { try ImageRowReader("\(folder)/pipe.png") }
          == "\(folder)/pipe.png: expected a file, found a pipe or device; save what it gives to a file and name that"
      )
      try FileManager.default.createDirectory(atPath: "\(folder)/x.png", withIntermediateDirectories: false)
      #expect(
        refusal { try ImageRowReader("\(folder)/x.png") }
          == "\(folder)/x.png: expected a file, found a folder; name a file in it")
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/link.png", withDestinationPath: "\(folder)/none")
      #expect(
        refusal { try ImageRowReader("\(folder)/link.png") }
          == "\(folder)/link.png: expected a file, found nothing; check the path")
      try write([], to: "\(folder)/empty.png")
      #expect(
        refusal { try ImageRowReader("\(folder)/empty.png") }.hasPrefix(
          "\(folder)/empty.png: expected a PNG or JPEG image, found an empty file"))
    }
  }
}
