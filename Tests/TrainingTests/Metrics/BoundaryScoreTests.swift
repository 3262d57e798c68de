import Testing
import Training

@Suite struct BoundaryScoreTests {
  /// `height` rows of `width` pixels, of class 1 from column `start` on.
  private func halves(_ width: Int, _ height: Int, from start: Int) -> [UInt8] {
    (0..<width * height).map { $0 % width >= start ? 1 : 0 }
  }

  private func f1(_ precision: Double, _ recall: Double) -> Double {
    2 * precision * recall / (precision + recall)
  }

  @Test func identicalIsPerfect() {
    var score = BoundaryScore(classes: 3)
    let mask = halves(7, 5, from: 3)
    score.add(truth: mask, prediction: mask, width: 7, height: 5)
    #expect(score.f1 == [1, 1, nil])
    #expect(score.mean == 1)
  }

  /// The tolerance of so small an image is 1 pixel: 1 column off is right, 2 columns off are wrong on the far side.
  @Test func shiftedByMoreThanTheToleranceIsWrong() {
    let truth = halves(12, 4, from: 4)
    for (start, expected) in [(5, 1.0), (8, 0.0)] {
      var score = BoundaryScore(classes: 2)
      score.add(truth: truth, prediction: halves(12, 4, from: start), width: 12, height: 4)
      #expect(score.f1 == [expected, expected])
    }
  }

  /// 0.75 % of the diagonals of 500 and 1000 pixels are 3.75 and 7.5, which 4 and 8 pixels exceed.
  @Test(arguments: [(400, 300, 3), (800, 600, 7)])
  func theToleranceGrowsWithTheImage(width: Int, height: Int, tolerance: Int) {
    let truth = halves(width, height, from: 100)
    for (shift, expected) in [(tolerance, 1.0), (tolerance + 1, 0.0)] {
      var score = BoundaryScore(classes: 2)
      score.add(
        truth: truth, prediction: halves(width, height, from: 100 + shift), width: width, height: height)
      #expect(score.f1[1] == expected)
    }
  }

  /// One of two lines is found: every border found is right, half of the true ones are found.
  @Test func byHand() {
    var truth = [UInt8](repeating: 0, count: 20 * 3)
    var prediction = truth
    for row in 0..<3 {
      truth[row * 20 + 2] = 1
      truth[row * 20 + 15] = 1
      prediction[row * 20 + 2] = 1
    }
    var score = BoundaryScore(classes: 2)
    score.add(truth: truth, prediction: prediction, width: 20, height: 3)
    #expect(score.f1[1] == f1(1, 0.5))
    // Another image without class 1 changes nothing for it.
    let empty = [UInt8](repeating: 0, count: 60)
    score.add(truth: empty, prediction: empty, width: 20, height: 3)
    #expect(score.f1[1] == f1(1, 0.5))
    // An image where it is only predicted has a precision and a recall of 0.
    score.add(truth: empty, prediction: prediction, width: 20, height: 3)
    #expect(score.f1[1] == f1(0.5, 0.25))
  }

  /// What is predicted where no class is true does not count, and its rim is no border.
  @Test func ignoredPixelsHaveNoBorder() {
    var truth = halves(12, 4, from: 4)
    let prediction = truth.indices.map { index in index % 12 >= 9 ? 0 : truth[index] }
    for index in truth.indices where index % 12 >= 9 { truth[index] = 255 }
    var score = BoundaryScore(classes: 2)
    score.add(truth: truth, prediction: prediction, width: 12, height: 4)
    #expect(score.f1 == [1, 1])
  }

  /// Masks of one class have no border, and no score.
  @Test func nothingToFind() {
    var score = BoundaryScore(classes: 2)
    let empty = [UInt8](repeating: 0, count: 60)
    score.add(truth: empty, prediction: empty, width: 20, height: 3)
    #expect(score.f1 == [nil, nil] && score.mean == nil)
  }

  /// A step of (5, 5) pixels, 7.07 of 7.5, is near; one of (6, 5), 7.81, is not.
  @Test(arguments: [(5, 1.0), (6, 0.0)]) func diagonalDistances(across: Int, expected: Double) {
    let (width, height) = (800, 600)
    var (truth, prediction) = (
      [UInt8](repeating: 0, count: width * height), [UInt8](repeating: 0, count: width * height)
    )
    truth[300 * width + 400] = 1
    prediction[305 * width + 400 + across] = 1
    var score = BoundaryScore(classes: 2)
    score.add(truth: truth, prediction: prediction, width: width, height: height)
    #expect(score.f1[1] == expected)
  }

  @Test func nothingCounted() {
    let score = BoundaryScore(classes: 2)
    #expect(score.f1 == [nil, nil])
    #expect(score.mean == nil)
  }
}
