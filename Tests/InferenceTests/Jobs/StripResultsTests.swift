import Files
import Foundation
import Images
import Inference
import TensorCore
import Testing

/// Pictures that take so much of the memory that they go through in strips.
@Suite struct StripResultsTests {
  private static let (width, height) = (801, 2003)
  /// Too little for all of the picture and its mask twice, enough for strips.
  private static let budget = 60 << 20

  private static let picture = InferenceTests.picture(width / 9, height / 9).resized(
    width: width, height: height)

  private func predictor(
    classes: [String]? = nil, minArea: Int = 0, budget: Int = budget
  ) throws -> Predictor {
    var options = PredictionOptions()
    options.memory = MemoryBudget(bytes: budget)
    (options.classes, options.minArea) = (classes, minArea)
    return try Predictor(try SmallNetwork.model(), options: options, pool: ThreadPool(threads: 2))
  }

  private func names(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  private func run(
    _ path: String, _ formats: [ResultFormat], _ predictor: Predictor,
    progress: (Int, Int) -> Void = { _, _ in }
  ) throws -> JobRecord {
    let item = try #require(try InputCollection([path], output: nil).items.first)
    return try PictureWork(formats).run(item, with: predictor, progress: progress)
  }

  @Test(arguments: [nil, ["water"], ["ground", "sky"]]) func everyFormat(classes: [String]?) throws {
    try withFolder { folder in
      let path = "\(folder)/a.png"
      try PictureWriter.write(Self.picture, to: path)
      let formats: [ResultFormat] = [.mask, .overlay, .color, .cutout]
      var tiles = 0
      let predictor = try predictor(classes: classes)
      let record = try run(path, formats, predictor, progress: { tiles = max($0, $1) })
      #expect(tiles > 1)
      #expect(record.outputs == formats.map { "\(folder)/a\($0.suffix)" })
      #expect(try names(folder) == ["a.color.png", "a.cutout.png", "a.mask.png", "a.overlay.png", "a.png"])
      #expect(record.width == Self.width && record.height == Self.height)

      let labels = try MaskReader.read("\(folder)/a.mask.png")
      let mask = try labels.mask(name: "mask")
      var expected: [UInt8] = []
      let shares = try predictor.predict(rowsOf: try ImageFile(path)) { expected += $0.labels }
      #expect((mask.labels == expected) == true && record.classes == shares)
      // The palette is that of the mask in memory, or has all 256 colours because labels could be none.
      let palette = try #require(labels.palette)
      #expect(palette.count == (classes == nil ? 3 : 256))
      #expect(palette[1] == Color(red: 250, green: 128, blue: 0))
      if classes != nil { #expect(palette[255] == Color(red: 0, green: 0, blue: 0)) }
      // The other pictures are those of the same mask in memory; but a legend names all classes.
      let prediction = Prediction(
        mask: mask, source: Self.picture, classes: predictor.ensemble.classes, palette: predictor.palette,
        chosenClasses: predictor.chosenClasses)
      for format in [ResultFormat.color, .cutout, .overlay] {
        let found = try ImageReader.read("\(folder)/a\(format.suffix)")
        let bytes = try prediction.files(as: format, input: path)[0].bytes()
        let memory = try ImageReader.decode(bytes, name: "memory")
        let (width, height) = (Self.width, Self.height)
        #expect(
          (found.cropped(x: 0, y: 0, width: width, height: height)
            == memory.cropped(x: 0, y: 0, width: width, height: height)) == true, "\(format)")
        guard format == .overlay else { continue }
        let legend = Legend(
          prediction.classes.indices.map {
            .init(name: prediction.classes[$0], color: predictor.palette[UInt8($0)])
          }, width: width, height: height
        ).picture
        #expect(found.height == height + legend.height)
        let strip = found.cropped(x: 0, y: height, width: legend.width, height: legend.height)
        #expect((strip == legend) == true)
      }
    }
  }

  /// A picture narrower than its legend.
  @Test func aNarrowOverlay() throws {
    try withFolder { folder in
      let image = InferenceTests.picture(24, 40000)
      try PictureWriter.write(image, to: "\(folder)/a.png")
      _ = try run("\(folder)/a.png", [.overlay], try predictor(budget: 58 << 20))
      let found = try ImageReader.read("\(folder)/a.overlay.png")
      #expect(found.width > 24 && found.height > 40000)
      let right = found.cropped(x: 24, y: 0, width: found.width - 24, height: 40000)
      #expect((right.samples == .eight([UInt8](repeating: 255, count: right.samples.count))) == true)
    }
  }

  /// A file that ends early or is damaged in its middle leaves nothing behind.
  @Test func nothingHalfWritten() throws {
    try withFolder { folder in
      let jpeg = try PictureWriter.jpeg(Self.picture, quality: 98)
      try DurableFile.write(jpeg.prefix(jpeg.count * 3 / 4), to: "\(folder)/a.jpg")
      var png = try PictureWriter.png(Self.picture)
      png[png.count * 2 / 3] ^= 0x10
      try DurableFile.write(png, to: "\(folder)/b.png")
      var tiles = 0
      let cut = message {
        try run("\(folder)/a.jpg", [.mask, .color], predictor()) { done, _ in tiles = done }
      }
      #expect(
        cut == "\(folder)/a.jpg: expected a whole JPEG, found it cut off after \(jpeg.count * 3 / 4) bytes; "
          + "copy or download it again")
      #expect(tiles > 0, "the rows before the end came through the network")
      let damaged = message { try run("\(folder)/b.png", [.mask, .color], predictor()) }
      #expect(damaged.hasPrefix("\(folder)/b.png: expected a sound PNG, found it damaged ("))
      #expect(try names(folder) == ["a.jpg", "b.png"])
      // A result that cannot be written.
      try DurableFile.write(jpeg, to: "\(folder)/c.jpg")
      try FileManager.default.createDirectory(
        atPath: "\(folder)/c.color.png", withIntermediateDirectories: false)
      #expect(
        message { try run("\(folder)/c.jpg", [.mask, .color], predictor()) }
          == "\(folder)/c.color.png: expected a file, found a folder; name a file in it")
      #expect(try names(folder) == ["a.jpg", "b.png", "c.color.png", "c.jpg"])
    }
  }

  /// What needs the whole mask says so when there is no room.
  @Test func whatCannotBeInStrips() throws {
    try withFolder { folder in
      let path = "\(folder)/a.jpg"
      let jpeg = try PictureWriter.jpeg(Self.picture)
      try DurableFile.write(jpeg, to: path)
      let budget = 52 << 20
      let start = "\(path): expected at most 52 MiB of memory, found a need of "
      func expect(_ text: String, _ advice: String) {
        #expect(text.hasPrefix(start), "\(text)")
        #expect(
          text.hasSuffix(
            " MiB for 801×2003 pixels; raise --max-memory, \(advice), or use a smaller picture"),
          "\(text)")
      }
      expect(
        message { try run(path, [.mask, .json, .probabilities], predictor(budget: budget)) },
        "leave out --format json,probabilities (mask, color, overlay and cutout need strips of a picture only)"
      )
      expect(
        message { try run(path, [.mask], predictor(minArea: 2, budget: budget)) },
        "leave out --min-area, which needs the whole mask")
      // Turned by a quarter: APP1 with one tag.
      let tiff: [UInt8] = [
        0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0,
      ]
      let app1 = [0xFF, 0xE1, 0, UInt8(8 + tiff.count)] + Array("Exif\0\0".utf8) + tiff
      try DurableFile.write(jpeg[..<2] + app1 + jpeg[2...], to: path)
      expect(
        message { try run(path, [.mask], predictor(budget: budget)) },
        "save it upright, without the tag, so that it can be read in strips")
    }
  }

  /// Beside small pictures and a bad one, in a job that goes on.
  @Test(arguments: [1, 3]) func inAJob(threads: Int) throws {
    try withFolder { folder in
      for (name, image) in [
        ("b.png", Self.picture), ("e.jpg", Self.picture), ("a.png", InferenceTests.picture(9, 7)),
      ] {
        try PictureWriter.write(image, to: "\(folder)/in/\(name)")
      }
      var png = try PictureWriter.png(Self.picture)
      png[png.count / 2] ^= 0x10
      try DurableFile.write(png, to: "\(folder)/in/c.png")
      var options = PredictionOptions()
      options.memory = MemoryBudget(bytes: Self.budget)
      let predictor = try Predictor(
        try SmallNetwork.model(threads: threads), options: options, pool: ThreadPool(threads: threads))
      let job = try SegmentationJob(try InputCollection(["\(folder)/in"], output: "\(folder)/out"))
      let settings = JobSettings(predictor.ensemble, [.mask, .color], options: options)
      for expected in [["done", "done", "failed", "done"], ["skipped", "skipped", "failed", "skipped"]] {
        var records: [JobRecord] = []
        _ = try job.run(with: predictor, [.mask, .color], settings: settings) { record, _ in
          records.append(record)
        }
        #expect(records.map(\.status.rawValue) == expected)
        #expect(records[1].classes.reduce(0) { $0 + $1.pixels } == Self.width * Self.height)
        #expect(records[2].error?.contains("found it damaged") == true)
      }
      #expect(
        try names("\(folder)/out") == [
          "a.color.png", "a.mask.png", "b.color.png", "b.mask.png", "e.color.png", "e.mask.png",
          "manifest.jsonl",
        ])
      var labels: [UInt8] = []
      _ = try predictor.predict(rowsOf: try ImageFile("\(folder)/in/b.png")) { labels += $0.labels }
      #expect((try MaskReader.read("\(folder)/out/b.mask.png").mask(name: "b").labels == labels) == true)
    }
  }
}
