import Files
import Foundation
import Images
import Inference
import Synchronization
import TensorCore
import Testing
import Weights

@Suite struct TiledPredictionTests {
  /// A little more than what the smallest tiles take that cover what the network sees.
  private func leastMemory(for image: Raster) throws -> PredictionOptions {
    for mebibytes in 49..<100 {
      let predictor = try predictor(options(Double(mebibytes)))
      var isSmall = false
      predictor.note = { _ in isSmall = true }
      if (try? predictor.predict(image, name: "a.png", wantsProbabilities: true)) != nil, !isSmall {
        return options(Double(mebibytes) + 2)
      }
    }
    return PredictionOptions()
  }

  /// Blobs instead of noise, so that labels are more than chance.
  private func smooth(_ width: Int, _ height: Int) -> Raster {
    picture(width / 9, height / 9).resized(width: width, height: height)
  }

  /// The margins cover what a U-Net of depth 2 sees: nothing but rounding may differ.
  @Test(arguments: [(701, 420), (420, 701), (1200, 96), (640, 640)])
  func tilesAreAsTheWhole(width: Int, height: Int) throws {
    let image = smooth(width, height)
    let whole = try predictor(PredictionOptions()).predict(image, name: "a.png", wantsProbabilities: true)
    var tiles: [(done: Int, count: Int)] = []
    let options = try leastMemory(for: image)
    let cut = try predictor(options).predict(
      image, name: "a.png", wantsProbabilities: true, progress: { tiles.append(($0, $1)) })
    #expect(tiles.count > 1 && tiles.map(\.done) == Array(1...tiles.count))
    #expect(tiles.allSatisfy { $0.count == tiles.count })
    let probabilities = try #require(whole.probabilities).elements
    let others = try #require(cut.probabilities).elements
    let worst = zip(probabilities, others).map { abs($0 - $1) }.max() ?? 1
    #expect(worst < 1e-5)
    let changed = zip(whole.mask.labels, cut.mask.labels).count { $0 != $1 }
    #expect(changed * 1000 < width * height)
    let again = try predictor(options, threads: 1).predict(
      image, name: "a.png", wantsProbabilities: true)
    #expect(again.probabilities == cut.probabilities && again.mask == cut.mask)
  }

  /// The same with averaged views and models, whose tiles are mirrored one by one.
  @Test func tilesOfSeveralViewsAndModels() throws {
    var checkpoint = try SmallNetwork.checkpoint()
    checkpoint.parameters = try SmallNetwork.graph().initialParameters(seed: 12)
    let image = smooth(640, 480)
    var masks: [Mask] = []
    for mebibytes in [1000, 62.0] {
      var options = options(mebibytes)
      options.views = [.flips]
      let models = try ModelEnsemble(SmallNetwork.model(), [SmallNetwork.model(checkpoint)])
      var tiles = 1
      masks.append(
        try Predictor(models, options: options, pool: ThreadPool(threads: 2)).predict(
          image, name: "a.png", progress: { tiles = max($0, $1) }
        ).mask)
      #expect((tiles > 1) == (mebibytes < 100))
    }
    let changed = zip(masks[0].labels, masks[1].labels).count { $0 != $1 }
    #expect(changed * 1000 < 640 * 480)
    #expect(Set(masks[0].labels).count > 1)
  }

  private func number(behind words: String, in text: String) -> Int? {
    text.range(of: words).flatMap { Int(text[$0.upperBound...].prefix { $0.isNumber }) }
  }

  /// In a job, where pictures that wait have a share of the memory; and a picture whose tiles were small is done again
  /// with more memory, one whose tiles were not is not.
  @Test func inAJobWhatIsToldSuffices() throws {
    try withFolder { folder in
      try PictureWriter.write(smooth(900, 700), to: "\(folder)/in/a.png")
      func run(_ mebibytes: Int) throws -> (status: JobRecord.Status, error: String, notes: [String]) {
        let options = options(Double(mebibytes))
        let predictor = try predictor(options)
        var (found, notes) = ([JobRecord](), [String]())
        predictor.note = { notes.append($0) }
        let job = try SegmentationJob(try InputCollection(["\(folder)/in"], output: "\(folder)/out"))
        let settings = JobSettings(predictor.ensemble, [.json], options: options)
        _ = try job.run(with: predictor, [.json], settings: settings) { record, _ in found.append(record) }
        return (try #require(found.first).status, found[0].error ?? "", notes)
      }
      let refused = try run(54)
      let need = try #require(number(behind: "found a need of ", in: refused.error))
      let tight = try run(need)
      #expect(refused.status == .failed)
      try #require(tight.status == .done && tight.notes.count == 1)
      let roomy = try #require(number(behind: "--max-memory ", in: tight.notes[0]))
      #expect(try run(need).status == .skipped && run(need - 1).status == .skipped)
      let again = try run(roomy)
      #expect(again.status == .done && again.notes.isEmpty)
      #expect(try run(2 * roomy).status == .skipped && run(need).status == .skipped)
    }
  }

  /// A request to stop ends the work on a picture after the next tile and leaves it for the next run.
  @Test func stoppedBetweenTiles() throws {
    try withFolder { folder in
      try PictureWriter.write(smooth(60, 40), to: "\(folder)/in/a.png")
      try PictureWriter.write(smooth(900, 700), to: "\(folder)/in/b.png")
      let options = options(64)
      let predictor = try predictor(options)
      let settings = JobSettings(predictor.ensemble, [.json], options: options)
      for stopsAt in [2, Int.max] {
        let stop = StopRequest()
        let seen = Mutex(0)
        var records: [JobRecord] = []
        let job = try SegmentationJob(try InputCollection(["\(folder)/in"], output: "\(folder)/out"))
        let summary = try job.run(with: predictor, [.json], settings: settings, until: stop) { record, _ in
          records.append(record)
        } tiles: { picture, done, count in
          seen.withLock { $0 = max($0, done) }
          if done >= stopsAt { stop.make() }
        }
        if stopsAt == 2 {
          #expect(seen.withLock { $0 } == 2 && summary.wasStopped && summary.progress.failed == 0)
          #expect(records.map(\.status) == [.done])
          let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/out")
          #expect(names.sorted() == ["a.classes.json", "manifest.jsonl"])
        } else {
          #expect(seen.withLock { $0 } > 2 && !summary.wasStopped)
          #expect(records.map(\.status) == [.skipped, .done])
        }
      }
    }
  }

  /// The need that a refusal tells is enough, and so is the memory that a note on small tiles names.
  @Test func whatIsToldSuffices() throws {
    let image = smooth(900, 700)
    func notes(_ mebibytes: Int) throws -> [String] {
      let predictor = try predictor(options(Double(mebibytes)))
      var notes: [String] = []
      predictor.note = { notes.append($0) }
      for _ in 0..<2 { _ = try predictor.predict(image, name: "a.png") }
      return notes
    }
    let refused = message { _ = try notes(50) }
    let need = try #require(number(behind: "found a need of ", in: refused))
    #expect(need > 50)
    #expect(message { _ = try notes(need) } == "no error")
    #expect(message { _ = try notes(need - 2) } != "no error")
    let tight = try notes(need)
    #expect(tight.count == 1)
    let text = try #require(tight.first)
    #expect(text.hasPrefix("a.png: tiles of "))
    #expect(
      text.contains(
        " pixels are smaller than what the network sees around a pixel, so that their borders may show; --max-memory "
      ))
    #expect(text.hasSuffix("MiB has room for larger ones"))
    let roomy = try #require(number(behind: "--max-memory ", in: text))
    #expect(try roomy > need && notes(roomy).isEmpty)
  }

  /// A picture that needs more memory than there may be is refused with its name, before and after it is read.
  @Test func tooLittleMemory() throws {
    let text = message { try predictor(options(40)).predict(picture(400, 300), name: "big.png") }
    #expect(text.hasPrefix("big.png: expected at most 40 MiB of memory, found a need of "))
    #expect(
      text.hasSuffix(
        " MiB for 400×300 pixels; raise --max-memory, ask for fewer formats, or use a smaller picture"))
    let bytes = try PictureWriter.png(picture(400, 300))
    let small = try predictor(options(40))
    let early = message { try small.picture(in: bytes, name: "big.png") }
    #expect(
      early.hasPrefix("big.png: expected at most 40 MiB of memory, found a need of 49 MiB for 400×300 pixels")
    )
    #expect(try predictor(options(60)).picture(in: bytes, name: "big.png") == picture(400, 300))
  }
}
