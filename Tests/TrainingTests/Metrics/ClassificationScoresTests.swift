import Testing
import Training

@Suite struct ClassificationScoresTests {
  private func scores(_ classes: Int, _ cases: [(truth: Int, logits: [Float])]) -> ClassificationScores {
    var scores = ClassificationScores(classes: (0..<classes).map { "\($0)" })
    for entry in cases { scores.add(truth: entry.truth, values: entry.logits) }
    return scores
  }

  @Test func countsRanks() {
    let rising: [Float] = [0, 1, 2, 3, 4, 5, 6]
    let scores = scores(7, (0..<7).map { ($0, rising) })
    #expect(scores.images == 7)
    #expect(scores.top1 == 1.0 / 7 && scores.top5 == 5.0 / 7)
    #expect(scores.confusion.predictions == [0, 0, 0, 0, 0, 0, 7])
    #expect(scores.confusion.accuracies == [0, 0, 0, 0, 0, 0, 1])
    #expect(scores.confusion.rows[2] == [0, 0, 0, 0, 0, 0, 1])
  }

  /// Of equal logits the first comes first, in the rank as in the prediction.
  @Test func equalLogits() {
    let equal = [Float](repeating: 2, count: 6)
    let scores = scores(6, (0..<6).map { ($0, equal) })
    #expect(scores.top1 == 1.0 / 6 && scores.top5 == 5.0 / 6)
    #expect(scores.confusion.predictions == [6, 0, 0, 0, 0, 0])
  }

  @Test func whatIsNoNumberIsNotRight() {
    let nothing = [Float](repeating: .nan, count: 6)
    let scores = scores(6, (1..<6).map { ($0, nothing) })
    #expect(scores.top1 == 0 && scores.top5 == 0)
    #expect(ClassificationScores(classes: ["a"]).top1 == 0)
  }

  @Test func aClassThatTruthHasNot() {
    let scores = scores(3, [(0, [1, 0, 0]), (0, [0, 0, 1]), (2, [0, 0, 1])])
    #expect(scores.confusion.accuracies == [0.5, nil, 1] && scores.confusion.classAccuracy == 0.75)
    #expect(scores.top1 == 2.0 / 3 && scores.top5 == 1)
  }
}
