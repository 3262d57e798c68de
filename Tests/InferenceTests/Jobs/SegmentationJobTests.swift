import Files
import Foundation
import Images
import Inference
import TensorCore
import Testing

/// A folder of pictures and a job over it.
private struct Bench {
  let folder: String
  let predictor: Predictor

  init(_ folder: String, threads: Int = 2) throws {
    self.folder = folder
    predictor = try SmallNetwork.predictor(threads: threads)
  }

  func picture(_ name: String, _ width: Int = 9, _ height: Int = 7) throws {
    try PictureWriter.write(Tests.picture(width, height), to: "\(folder)/in/\(name)")
  }

  /// Statuses by input's name, in the order of the reports.
  @discardableResult
  func run(
    _ formats: [ResultFormat] = [.mask], options: PredictionOptions = PredictionOptions(),
    shard: Shard? = nil, overwrites: Bool = false,
    stopAfter: Int = .max
  ) throws -> (summary: JobSummary, records: [JobRecord]) {
    let job = try SegmentationJob(
      try InputCollection(["\(folder)/in"], output: "\(folder)/out"), shard: shard, overwrites: overwrites)
    var records: [JobRecord] = []
    let stop = StopRequest()
    let summary = try job.run(
      with: predictor, formats, settings: JobSettings(predictor.ensemble, formats, options: options),
      until: stop
    ) { record, _ in
      records.append(record)
      if records.count == stopAfter { stop.make() }
    }
    return (summary, records)
  }

  func lines(_ name: String = "manifest.jsonl") throws -> [[String: Any]] {
    try String(contentsOfFile: "\(folder)/out/\(name)", encoding: .utf8).split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
  }

  func statuses(_ name: String = "manifest.jsonl") throws -> [String] {
    try lines(name).compactMap { $0["status"] as? String }
  }

  var outputs: [String] {
    (FileManager.default.enumerator(atPath: "\(folder)/out")?.compactMap { $0 as? String } ?? []).sorted()
  }
}

private enum Tests {
  static func picture(_ width: Int, _ height: Int) -> Raster { InferenceTests.picture(width, height) }
}

@Suite struct SegmentationJobTests {
  private func withBench(_ names: [String] = ["a.png", "b/c.png", "d.jpg"], _ body: (Bench) throws -> Void)
    throws
  {
    try withFolder { folder in
      let bench = try Bench(folder)
      for name in names { try bench.picture(name) }
      try body(bench)
    }
  }

  @Test func everyPictureHasALine() throws {
    try withBench { bench in
      try DurableFile.write([1, 2, 3], to: "\(bench.folder)/in/bad.png")
      let (summary, records) = try bench.run([.mask, .color])
      #expect(summary.progress.done == 3 && summary.progress.failed == 1 && !summary.wasStopped)
      #expect(records.map(\.status) == [.done, .done, .failed, .done])
      #expect(
        bench.outputs == [
          "a.color.png", "a.mask.png", "b", "b/c.color.png", "b/c.mask.png", "d.color.png", "d.mask.png",
          "manifest.jsonl",
        ])
      let lines = try bench.lines()
      #expect(lines.compactMap { $0["input"] as? String } == records.map(\.input))
      #expect(
        lines[0]["outputs"] as? [String] == ["mask", "color"].map { "\(bench.folder)/out/a.\($0).png" })
      #expect(lines[0]["width"] as? Int == 9 && lines[0]["height"] as? Int == 7)
      let classes = try #require(lines[0]["classes"] as? [[String: Any]])
      #expect(classes.compactMap { $0["pixels"] as? Int }.reduce(0, +) == 63)
      #expect((lines[0]["ms"] as? Double ?? -1) > 0 && lines[0]["error"] == nil)
      #expect(
        lines[2]["error"] as? String
          == "\(bench.folder)/in/bad.png: expected a PNG or JPEG image, found data of an unknown format; check that this "
          + "is the right file")
      #expect(lines[2]["outputs"] as? [String] == [])
    }
  }

  /// The network run on its own gives what the job wrote, whatever the order and the threads.
  @Test(arguments: [1, 2, 5]) func resultsAreTheNetworks(threads: Int) throws {
    try withFolder { folder in
      let bench = try Bench(folder, threads: threads)
      for index in 0..<30 { try bench.picture("\(index).png", 5 + index, 40 - index) }
      try bench.run()
      let alone = try SmallNetwork.predictor(threads: 1)
      for index in 0..<30 {
        let mask = try MaskReader.read("\(folder)/out/\(index).mask.png")
        let expected = try alone.predict(Tests.picture(5 + index, 40 - index), name: "x").mask
        #expect(mask.values.map { UInt8($0) } == expected.labels)
      }
    }
  }

  @Test func whatStandsIsSkipped() throws {
    try withBench { bench in
      try bench.run()
      let before = FileStamp("\(bench.folder)/out/a.mask.png")
      #expect(try bench.run().records.map(\.status) == [.skipped, .skipped, .skipped])
      // A line for each picture, with all that is known of it.
      #expect(try bench.lines().count == 3 && bench.lines()[1]["width"] as? Int == 9)
      #expect(FileStamp("\(bench.folder)/out/a.mask.png") == before)
      #expect(try bench.run().records.map(\.status) == [.skipped, .skipped, .skipped])
      #expect(try bench.run(overwrites: true).records.map(\.status) == [.done, .done, .done])
      #expect(FileStamp("\(bench.folder)/out/a.mask.png") != before)
    }
  }

  @Test func whatChangedIsDoneAgain() throws {
    try withBench { bench in
      var cleaned = PredictionOptions()
      cleaned.minArea = 5
      func statuses(_ formats: [ResultFormat] = [.mask], options: PredictionOptions = PredictionOptions())
        throws -> [JobRecord.Status]
      {
        try bench.run(formats, options: options).records.map(\.status)
      }
      _ = try statuses()
      // A result that is gone, and one that is not whole.
      unlink("\(bench.folder)/out/a.mask.png")
      #expect(try statuses() == [.done, .skipped, .skipped])
      let mask = "\(bench.folder)/out/b/c.mask.png"
      try DurableFile.write(try WholeFile.read(mask).dropLast(9), to: mask)
      #expect(try statuses() == [.skipped, .done, .skipped])
      // Another picture under the same name.
      try bench.picture("d.jpg", 8, 8)
      #expect(try statuses() == [.skipped, .skipped, .done])
      #expect(try statuses(options: cleaned) == [.done, .done, .done])
      #expect(try statuses([.mask, .color], options: cleaned) == [.done, .done, .done])
      #expect(try statuses([.mask, .color], options: cleaned) == [.skipped, .skipped, .skipped])
    }
  }

  /// Its own results are known as such in other formats' runs, and when the picture could not be read for a while.
  @Test func resultsThatALaterLineDoesNotName() throws {
    try withBench { bench in
      var cleaned = PredictionOptions()
      cleaned.minArea = 5
      _ = try bench.run()
      _ = try bench.run([.color])
      let line = try #require(try bench.lines().first)
      #expect(line["earlier_outputs"] as? [String] == ["\(bench.folder)/out/a.mask.png"])
      #expect(try bench.run([.mask], options: cleaned).records.map(\.status) == [.done, .done, .done])
      #expect(
        try bench.lines().first?["earlier_outputs"] as? [String] == ["\(bench.folder)/out/a.color.png"])
      #expect(try bench.run([.mask, .color]).records.map(\.status) == [.done, .done, .done])
      #expect(try bench.lines().allSatisfy { $0["earlier_outputs"] == nil })
      try DurableFile.write([1, 2, 3], to: "\(bench.folder)/in/a.png")
      #expect(try bench.run().records.map(\.status) == [.failed, .done, .done])
      #expect(try bench.run().records.map(\.status) == [.failed, .skipped, .skipped])
      try bench.picture("a.png", 8, 8)
      #expect(try bench.run(options: cleaned).records.map(\.status) == [.done, .done, .done])
      // What is somebody else's stays.
      unlink("\(bench.folder)/out/d.mask.png")
      _ = try bench.run([.color])
      try DurableFile.write([1, 2], to: "\(bench.folder)/out/d.mask.png")
      #expect(try bench.run().records.map(\.status) == [.done, .done, .failed])
    }
  }

  @Test func failuresAreTriedAgain() throws {
    try withBench { bench in
      try DurableFile.write([], to: "\(bench.folder)/in/c.png")
      #expect(try bench.run().summary.progress.failed == 1)
      #expect(try bench.run().records.map(\.status) == [.skipped, .skipped, .failed, .skipped])
      try bench.picture("c.png")
      #expect(try bench.run().records.map(\.status) == [.skipped, .skipped, .done, .skipped])
      #expect(try bench.statuses() == ["skipped", "skipped", "done", "skipped"])
    }
  }

  @Test func aStopLeavesAJobThatGoesOn() throws {
    try withBench((0..<60).map { "\($0).png" }) { bench in
      let (summary, records) = try bench.run(stopAfter: 3)
      #expect(summary.wasStopped && records.count >= 3 && records.count < 60)
      #expect(try bench.lines().count == records.count)
      let next = try bench.run()
      #expect(next.summary.progress.skipped == records.count && !next.summary.wasStopped)
      #expect(next.summary.progress.done == 60 - records.count)
      #expect(try bench.lines().count == 60)
    }
  }

  /// What a killed run leaves: no final manifest, a torn line, temporary files, a result without its line.
  @Test func afterACrash() throws {
    try withBench { bench in
      try bench.run()
      let path = "\(bench.folder)/out/manifest.jsonl"
      let text = try String(contentsOfFile: path, encoding: .utf8)
      let lines = text.split(separator: "\n")
      try DurableFile.write((lines[0] + "\n" + lines[1].prefix(40)).utf8, to: path)
      _ = try DurableFile.stage([1, 2], to: "\(bench.folder)/out/d.mask.png")
      _ = try DurableFile.stage([1, 2], to: path)
      #expect(try bench.run().records.map(\.status) == [.skipped, .done, .done])
      #expect(bench.outputs == ["a.mask.png", "b", "b/c.mask.png", "d.mask.png", "manifest.jsonl"])
      // Damage between the lines only costs work.
      try DurableFile.write((lines[0] + "\n\0\0\0\n" + lines[2] + "\n").utf8, to: path)
      #expect(try bench.run().summary.progress.skipped >= 1)
      #expect(try bench.lines().count == 3)
    }
  }

  @Test func anotherFileOfThatName() throws {
    try withBench { bench in
      try DurableFile.write("{\"audio\": \"a.wav\"}\n".utf8, to: "\(bench.folder)/out/manifest.jsonl")
      #expect(
        message { try bench.run() }
          == "\(bench.folder)/out/manifest.jsonl: expected the manifest of an earlier run, found another file; move it, or "
          + "choose another --output")
      #expect(bench.outputs == ["manifest.jsonl"])
    }
  }

  @Test func shardsJoin() throws {
    try withBench((0..<10).map { "\($0).png" }) { bench in
      for text in ["1/3", "2/3", "0/3"] { try bench.run(shard: try Shard(text)) }
      let names = (1...3).map { "manifest.\($0)-of-3.jsonl" }
      #expect(try names.map { try bench.lines($0).count } == [4, 3, 3])
      let inputs = try names.flatMap { try bench.lines($0).compactMap { $0["input"] as? String } }
      #expect(Set(inputs).count == 10)
      // A plain run finds all of it done.
      #expect(try bench.run().summary.progress.skipped == 10)
      #expect(try bench.lines().count == 10)
    }
  }

  @Test func oneRunAtATime() throws {
    try withBench { bench in
      try DurableFile.makeFolder("\(bench.folder)/out")
      let plain = try FolderLock("\(bench.folder)/out")
      let says =
        "\(bench.folder)/out: expected a folder that no other process works in, found one at work; wait for its end or "
        + "choose another --output"
      #expect(message { try bench.run() } == says)
      #expect(message { try bench.run(shard: try Shard("1/2")) } == says)
      withExtendedLifetime(plain) {}
    }
    try withBench { bench in
      try DurableFile.makeFolder("\(bench.folder)/out")
      let shard = try FolderLock("\(bench.folder)/out", isShared: true)
      #expect(message { try bench.run() }.contains("found one at work"))
      #expect(try bench.run(shard: try Shard("1/2")).summary.progress.done == 2)
      let log = try LineFile("\(bench.folder)/out/manifest.2-of-2.jsonl")
      #expect(message { try bench.run(shard: try Shard("0/2")) }.contains("/out: expected a folder"))
      withExtendedLifetime((shard, log)) {}
    }
  }

  /// Of two pictures that were given the same result in turn, the first is done again when it comes again.
  @Test func aResultThatAnotherPictureTook() throws {
    try withFolder { folder in
      let predictor = try SmallNetwork.predictor()
      func run(_ name: String) throws -> JobRecord.Status? {
        let job = try SegmentationJob(try InputCollection(["\(folder)/\(name)"], output: "\(folder)/out"))
        var status: JobRecord.Status?
        _ = try job.run(
          with: predictor, [.mask], settings: JobSettings(predictor.ensemble, [.mask])
        ) { record, _ in status = record.status }
        return status
      }
      for name in ["one", "two"] { try PictureWriter.write(picture(6, 6), to: "\(folder)/\(name)/x.png") }
      #expect(try run("one") == .done && run("one") == .skipped && run("two") == .done && run("one") == .done)
      #expect(try run("one") == .skipped)
    }
  }
}
