import Testing
import Training

@Suite struct ConfusionMatrixTests {
  /// Three classes, of which the last occurs nowhere; two pixels have no class.
  private let matrix: ConfusionMatrix = {
    var matrix = ConfusionMatrix(classes: 3)
    matrix.add(truth: [0, 0, 0, 0, 1, 1], prediction: [0, 0, 0, 1, 1, 1])
    matrix.add(truth: [1, 1, 255, 255], prediction: [1, 0, 0, 1])
    return matrix
  }()

  @Test func counts() {
    #expect(matrix.counts == [3, 1, 0, 1, 3, 0, 0, 0, 0])
    #expect(matrix.truths == [4, 4, 0])
    #expect(matrix.predictions == [4, 4, 0])
  }

  @Test func scores() {
    #expect(matrix.iou == [0.6, 0.6, nil])
    #expect(matrix.meanIoU == 0.6)
    #expect(matrix.dice == [0.75, 0.75, nil])
    #expect(matrix.meanDice == 0.75)
    #expect(matrix.frequencyWeightedIoU == 0.6)
    #expect(matrix.pixelAccuracy == 0.75)
    #expect(matrix.classAccuracy == 0.75)
    #expect(matrix.foregroundDice == 0.75)
  }

  /// Foreground classes count as one: taking one for the other is no error there.
  @Test func foregroundDice() {
    var matrix = ConfusionMatrix(classes: 3)
    matrix.add(truth: [0, 0, 1, 1, 2, 2], prediction: [0, 1, 2, 2, 2, 0])
    #expect(matrix.foregroundDice == 2 * 3 / (4.0 + 4.0))
    #expect(matrix.iou == [1 / 3.0, 0, 1 / 4.0])
    #expect(matrix.classAccuracy == (1 / 2.0 + 0 + 1 / 2.0) / 3)
    #expect(ConfusionMatrix(classes: 1).foregroundDice == nil)
  }

  /// A class that is predicted and never true has an IoU of 0, and takes no part in class accuracy.
  @Test func onlyPredicted() {
    var matrix = ConfusionMatrix(classes: 2)
    matrix.add(truth: [0, 0], prediction: [0, 1])
    #expect(matrix.iou == [0.5, 0])
    #expect(matrix.classAccuracy == 0.5)
    #expect(matrix.foregroundDice == 0)
  }

  @Test func emptyAndOutside() {
    var matrix = ConfusionMatrix(classes: 2)
    matrix.add(truth: [], prediction: [])
    matrix.add(truth: [2, 0], prediction: [0, 2])
    #expect(matrix.counts == [0, 0, 0, 0])
    #expect(matrix.iou == [nil, nil])
    #expect(
      matrix.frequencyWeightedIoU == 0 && matrix.meanIoU == 0 && matrix.pixelAccuracy == 0
        && matrix.foregroundDice == nil)
  }

  @Test func addsUp() {
    var sum = matrix
    sum.add(matrix)
    #expect(sum.counts == [6, 2, 0, 2, 6, 0, 0, 0, 0])
    #expect(sum.iou == matrix.iou)
  }
}
