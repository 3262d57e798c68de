import Files
import Foundation
import Images
import Testing

@Suite struct PNGRowWriterTests {
  private func write(_ samples: [UInt8], _ writer: PNGRowWriter) throws {
    for start in stride(from: 0, to: samples.count, by: writer.samplesPerRow) {
      try samples[start..<start + writer.samplesPerRow].withUnsafeBufferPointer { try writer.write($0) }
    }
  }

  private func samples(_ raster: Raster) -> [UInt8] { raster.values.map { UInt8($0) } }

  /// The same bytes as the whole picture's, and nothing at its place before the end.
  @Test(arguments: [(1, 1), (13, 7), (640, 480)]) func asTheWholePicture(width: Int, height: Int) throws {
    try withFolder { folder in
      for channels in [3, 4] {
        let picture = width == 640 && channels == 3 ? noise(width, height) : .pattern(width, height, channels)
        let path = "\(folder)/new/a\(channels).png"
        let writer = try PNGRowWriter(path, width: width, height: height, channels == 3 ? .rgb : .rgba)
        #expect(writer.samplesPerRow == channels * width && writer.path == path)
        try write(samples(picture), writer)
        let staged = try writer.finish()
        #expect(!FileManager.default.fileExists(atPath: path))
        try staged.commit()
        #expect(try WholeFile.read(path) == PictureWriter.png(picture))
      }
      let mask = Mask(width: width, height: height, labels: (0..<width * height).map { UInt8($0 % 21) })
      let palette = Palette(Array(Palette.voc.colors.prefix(21)))
      let writer = try PNGRowWriter("\(folder)/mask.png", width: width, height: height, .labels(palette))
      try write(mask.labels, writer)
      try writer.finish().commit()
      #expect(try WholeFile.read("\(folder)/mask.png") == MaskWriter.png(mask, palette: palette))
    }
  }

  @Test func whatIsGivenUpLeavesNothing() throws {
    try withFolder { folder in
      do {
        let writer = try PNGRowWriter("\(folder)/a.png", width: 3, height: 2, .rgb)
        try write([UInt8](repeating: 9, count: 9), writer)
      }
      #expect(try names(in: folder) == [])
      #expect(throws: ImageError.self) { try PNGRowWriter("\(folder)/b.png", width: 0, height: 2, .rgb) }
      #expect(throws: ImageError.self) {
        try PNGRowWriter("\(folder)/b.png", width: 1 << 40, height: 2, .rgb)
      }
      #expect(throws: ImageError.file(.notAFile(path: folder, isFolder: true))) {
        try PNGRowWriter(folder, width: 1, height: 2, .rgb)
      }
      #expect(try names(in: folder) == [])
    }
  }

  /// A full disk is /dev/full in the place of the temporary file; a descriptor that was closed, one that cannot be
  /// written.
  @Test(arguments: [
    ("/dev/full", O_WRONLY, "no space left on device"), ("/dev/null", O_RDONLY, "bad file descriptor"),
  ])
  func aDiskThatTakesNoMore(device: String, flags: Int32, reason: String) throws {
    try withFolder { folder in
      let text =
        "\(folder)/a.png: expected to write this file, found: \(reason); choose another place with --output"
      for isLarge in [true, false] {
        do {
          let picture = isLarge ? noise(500, 400) : noise(5, 4)
          let writer = try PNGRowWriter(
            "\(folder)/a.png", width: picture.width, height: picture.height, .rgb)
          try replaceDescriptor(below: folder, by: device, flags)
          var (rows, found) = (0, "none")
          do {
            for y in 0..<picture.height {
              try write(samples(picture.cropped(x: 0, y: y, width: picture.width, height: 1)), writer)
              rows += 1
            }
            _ = try writer.finish()
          } catch {
            found = "\(error)"
          }
          #expect(found == text)
          // A large picture fails on its way, a small one at its end.
          #expect(isLarge ? (1..<400).contains(rows) : rows == 4)
        }
        #expect(try names(in: folder) == [])
      }
    }
  }

  /// Opens `device` under the number of the file that is open below `folder`.
  private func replaceDescriptor(below folder: String, by device: String, _ flags: Int32) throws {
    let links = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
    let found = links.first {
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)"))?.hasPrefix(folder)
        == true
    }
    let number = try #require(found.flatMap { Int32($0) })
    let other = open(device, flags)
    #expect(other >= 0 && dup2(other, number) == number)
    close(other)
  }
}
