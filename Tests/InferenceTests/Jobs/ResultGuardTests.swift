import Files
import Foundation
import Images
import Inference
import TensorCore
import Testing

/// Results replace nothing that is not theirs.
@Suite struct ResultGuardTests {
  private struct Bench {
    let folder: String
    let predictor: Predictor

    func run(
      _ names: [String] = ["in"], output: String? = "out", overwrites: Bool = false,
      settings: String = ""
    ) throws -> [JobRecord] {
      var options = PredictionOptions()
      if !settings.isEmpty { options.classes = [settings] }
      let inputs = try InputCollection(
        names.map { "\(folder)/\($0)" }, output: output.map { "\(folder)/\($0)" })
      var records: [JobRecord] = []
      _ = try SegmentationJob(inputs, overwrites: overwrites).run(
        with: predictor, [.mask], settings: JobSettings(predictor.ensemble, [.mask], options: options)
      ) { record, _ in records.append(record) }
      return records
    }

    func read(_ name: String) -> [UInt8] { (try? WholeFile.read("\(folder)/\(name)")) ?? [] }
    func write(_ bytes: [UInt8], _ name: String) throws {
      try DurableFile.write(bytes, to: "\(folder)/\(name)")
    }
  }

  private func withBench(_ body: (Bench) throws -> Void) throws {
    try withFolder { folder in
      let bench = Bench(folder: folder, predictor: try SmallNetwork.predictor(threads: 1))
      for name in ["in/a.png", "in/b.png"] {
        try PictureWriter.write(picture(9, 7), to: "\(folder)/\(name)")
      }
      try body(bench)
    }
  }

  /// Somebody's own labels beside a picture.
  @Test(arguments: [nil, "out"]) func aFileOfTheSameName(output: String?) throws {
    try withBench { bench in
      let name = "\(output ?? "in")/a.mask.png"
      try bench.write([1, 2, 3], name)
      let records = try bench.run(output: output)
      #expect(records.map(\.status) == [.failed, .done])
      #expect(
        records[0].error
          == "\(bench.folder)/\(name): expected a free name, or the image's result of an earlier run, found another file; "
          + "move it, choose another --output, or replace it with --overwrite")
      #expect(bench.read(name) == [1, 2, 3])
      #expect(try bench.run(output: output, overwrites: true).map(\.status) == [.done, .done])
      #expect(bench.read(name).count > 3)
    }
  }

  /// Results of an earlier run are replaced when the options are others, however the folders are spelt.
  @Test func resultsOfEarlierRuns() throws {
    try withBench { bench in
      let first = try bench.run()
      #expect(first.map(\.status) == [.done, .done])
      #expect(try bench.run(settings: "1").map(\.status) == [.done, .done])
      #expect(try bench.run(["./in/"], output: "in/../out").map(\.status) == [.done, .done])
      #expect(try bench.run(["in/."], output: "out/").map(\.status) == [.skipped, .skipped])
    }
  }

  /// A run was killed after its results stood and before its line: the same bytes are no loss.
  @Test func theSameBytes() throws {
    try withBench { bench in
      _ = try bench.run()
      unlink("\(bench.folder)/out/manifest.jsonl")
      #expect(try bench.run().map(\.status) == [.done, .done])
    }
  }

  /// Two pictures that are given the same result in turn.
  @Test func anotherPicturesResult() throws {
    try withBench { bench in
      try PictureWriter.write(picture(30, 20), to: "\(bench.folder)/other/a.png")
      #expect(try bench.run(["in/a.png"]).map(\.status) == [.done])
      let before = bench.read("out/a.mask.png")
      #expect(try bench.run(["other/a.png"]).map(\.status) == [.failed])
      #expect(bench.read("out/a.mask.png") == before)
      #expect(try bench.run(["in/a.png"]).map(\.status) == [.skipped])
      #expect(try bench.run(["other/a.png"], overwrites: true).map(\.status) == [.done])
    }
  }

  /// A picture that is called as another's result.
  @Test func aPictureIsNeverReplaced() throws {
    try withBench { bench in
      try PictureWriter.write(picture(5, 5), to: "\(bench.folder)/in/a.mask.png")
      let before = bench.read("in/a.mask.png")
      for overwrites in [false, true] {
        let records = try bench.run(["in/a.png", "in/a.mask.png"], output: nil, overwrites: overwrites)
        #expect(records.map(\.status) == [.failed, .done])
        #expect(
          records[0].error
            == "\(bench.folder)/in/a.mask.png: expected a free name for the result, found an image that was given, too; "
            + "choose another --output")
        #expect(bench.read("in/a.mask.png") == before)
      }
    }
  }

  /// A picture that vanishes between the list and its turn is a line, and the others are done.
  @Test func aPictureThatVanishes() throws {
    try withBench { bench in
      let inputs = try InputCollection(["\(bench.folder)/in"], output: "\(bench.folder)/out")
      unlink("\(bench.folder)/in/a.png")
      var records: [JobRecord] = []
      _ = try SegmentationJob(inputs).run(
        with: bench.predictor, [.mask], settings: JobSettings(bench.predictor.ensemble, [.mask])
      ) { record, _ in records.append(record) }
      #expect(records.map(\.status) == [.failed, .done])
      #expect(records[0].error == "\(bench.folder)/in/a.png: expected a file, found nothing; check the path")
    }
  }
}
