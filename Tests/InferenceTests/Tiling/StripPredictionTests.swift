import Images
import Inference
import TensorCore
import Testing
import Weights

@Suite struct StripPredictionTests {
  /// What came of a picture: all labels, all pixels, the number of tiles.
  private struct Outcome {
    var labels: [UInt8] = []
    var strips: [Range<Int>] = []
    var tiles = 1
    var classes: [ClassShare] = []
  }

  private func strips(_ path: String, _ predictor: Predictor) throws -> Outcome {
    var outcome = Outcome()
    outcome.classes = try predictor.predict(
      rowsOf: try ImageFile(path), progress: { outcome.tiles = max($0, $1) }
    ) {
      outcome.labels += $0.labels
      outcome.strips.append($0.rows)
    }
    return outcome
  }

  /// What the same picture gives in memory, cut into tiles by the same budget or whole.
  private func memory(_ picture: Raster, _ predictor: Predictor) throws -> Outcome {
    var outcome = Outcome()
    let prediction = try predictor.predict(
      picture, name: "a.png", progress: { outcome.tiles = max($0, $1) })
    outcome.labels = prediction.mask.labels
    return outcome
  }

  /// Blobs instead of noise, so that labels are more than chance.
  private func smooth(_ width: Int, _ height: Int, channels: Int = 3, wide: Bool = false) -> Raster {
    picture(width / 9, height / 9, channels: channels, wide: wide).resized(width: width, height: height)
  }

  /// A picture so narrow that the number of its tiles says how it is cut: then every label is the same.
  @Test(arguments: [3, 4]) func asTilesOfTheSameCut(channels: Int) throws {
    try withFolder { folder in
      let image = smooth(64, 1501, channels: channels, wide: channels == 4)
      try PictureWriter.write(image, to: "\(folder)/a.png")
      var cuts: [Int: [UInt8]] = [:]
      let budgets = stride(from: 48.5, through: 56, by: 0.25)
      for budget in budgets {
        guard let found = try? memory(image, try predictor(options(budget))) else { continue }
        cuts[found.tiles] = found.labels
      }
      var compared = 0
      for budget in budgets {
        guard let found = try? strips("\(folder)/a.png", try predictor(options(budget))), found.tiles > 1,
          let expected = cuts[found.tiles]
        else { continue }
        compared += 1
        #expect((found.labels == expected) == true, "\(found.tiles) tiles")
        #expect(found.strips.count == found.tiles)
      }
      #expect(compared > 3)
      #expect(Set(cuts.values.joined()).count > 1, "a picture of one class shows nothing")
    }
  }

  /// All rows come once, in order; nothing but rounding differs from one pass over the picture.
  @Test(arguments: [(701, 420), (420, 701), (1200, 96), (640, 640)])
  func asTheWhole(width: Int, height: Int) throws {
    try withFolder { folder in
      let image = smooth(width, height)
      let whole = try memory(image, predictor(PredictionOptions()))
      for name in ["a.png", "b.jpg"] {
        let path = "\(folder)/\(name)"
        try PictureWriter.write(image, to: path, quality: 100)
        var found: Outcome?
        for budget in 50..<60 where found == nil {
          found = try? strips(path, predictor(options(Double(budget))))
        }
        let outcome = try #require(found)
        #expect(outcome.tiles > 1)
        var next = 0
        for strip in outcome.strips {
          #expect(strip.lowerBound == next && !strip.isEmpty)
          next = strip.upperBound
        }
        #expect(next == height && outcome.labels.count == width * height)
        if name == "a.png" {
          #expect(zip(outcome.labels, whole.labels).count { $0 != $1 } * 1000 < width * height)
        }
        for (index, share) in outcome.classes.enumerated() {
          let pixels = outcome.labels.count { Int($0) == index }
          #expect(share.index == index && share.pixels == pixels)
          #expect(share.share == Double(pixels) / Double(width * height))
        }
        #expect(outcome.classes.map(\.name) == ["ground", "water", "sky"])
      }
    }
  }

  @Test func theSameOnAnyThreads() throws {
    try withFolder { folder in
      try PictureWriter.write(smooth(500, 400), to: "\(folder)/a.png")
      let outcomes = try [1, 3].map { threads in
        try strips("\(folder)/a.png", predictor(options(54), threads: threads)).labels
      }
      #expect((outcomes[0] == outcomes[1]) == true)
    }
  }

  /// Chosen classes, more views and models are what they are in memory.
  @Test func whatElseIsAskedFor() throws {
    try withFolder { folder in
      let image = smooth(640, 480)
      try PictureWriter.write(image, to: "\(folder)/a.png")
      var other = try SmallNetwork.checkpoint()
      other.parameters = try SmallNetwork.graph().initialParameters(seed: 12)
      let models = try ModelEnsemble(SmallNetwork.model(), [SmallNetwork.model(other)])
      var outcomes: [Outcome] = []
      for budget in [1000, 62.0] {
        var options = options(budget)
        (options.views, options.classes) = ([.flips], ["water", "2"])
        let predictor = try Predictor(models, options: options, pool: ThreadPool(threads: 2))
        outcomes.append(
          budget == 1000 ? try memory(image, predictor) : try strips("\(folder)/a.png", predictor))
      }
      #expect(outcomes[1].tiles > 1)
      #expect(zip(outcomes[0].labels, outcomes[1].labels).count { $0 != $1 } * 1000 < 640 * 480)
      #expect(Set(outcomes[1].labels).isSuperset(of: [1, 255]) && !outcomes[1].labels.contains(0))
      #expect(outcomes[1].classes[0].pixels == 0)
      #expect(outcomes[1].classes.reduce(0) { $0 + $1.pixels } == outcomes[1].labels.count { $0 != 255 })
    }
  }

  @Test func tooLittleMemory() throws {
    try withFolder { folder in
      try PictureWriter.write(picture(400, 300), to: "\(folder)/a.png")
      let text = message { try strips("\(folder)/a.png", predictor(options(40))) }
      #expect(text.hasPrefix("\(folder)/a.png: expected at most 40 MiB of memory, found a need of "))
    }
  }
}
