import Layers
import TensorCore
import Testing

/// What all losses of logits have in common.
@Suite struct LogitsLossTests {
  static let all: [any LogitsLoss] = [
    BinaryCrossEntropy(ignoreIndex: 255), OverlapLoss.dice(ignoreIndex: 255),
    OverlapLoss.jaccard(smooth: 2, ignoreIndex: 255), OverlapLoss(alpha: 0.3, beta: 0.9, ignoreIndex: 255),
    LovaszSoftmax(ignoreIndex: 255), FocalLoss(ignoreIndex: 255),
    FocalLoss(gamma: 0.5, alpha: 0.25, ignoreIndex: 255), HardPixelCrossEntropy(ignoreIndex: 255),
    HardPixelCrossEntropy(threshold: 0, keep: 0.3, ignoreIndex: 255),
    BoundaryCrossEntropy(object: 1, sigma: 2, classWeights: [1, 0.5, 2, 1, 3], ignoreIndex: 255),
  ]
  private let one = Tensor([1], shape: [1, 1, 1, 1])

  /// Labels of which every seventh does not count.
  private func labels(_ shape: Shape, classes: Int) -> Tensor {
    var labels = Tensor.integers(shape.with(channels: 1), seed: 6, in: 0...classes - 1)
    labels.withUnsafeMutableElements { elements in
      for index in stride(from: 3, to: elements.count, by: 7) { elements[index] = 255 }
    }
    return labels
  }

  @Test(arguments: all) func gradients(loss: any LogitsLoss) throws {
    // The logits of a channel lie apart, so that no two errors of Lovász or OHEM change places within a step.
    let logits = Tensor(
      Tensor.distinct([2, 3, 3, 5], seed: 3, spacing: 0.0625).elements, shape: [2, 3, 3, 5])
    try GradientCheck(step: 0x1p-9, reduction: 8, relative: 2e-3).run(
      loss, inputs: [logits, labels([2, 3, 3, 5], classes: 5)], wanted: [true, false])
  }

  /// The harness runs on one thread and two, with gaps and without, and compares bits.
  @Test(arguments: all) func sameBitsOnLargeInputs(loss: any LogitsLoss) throws {
    let shape: Shape = [2, 61, 67, 5]
    let harness = OperatorHarness(
      loss, inputs: [Tensor.random(shape, seed: 8, in: -4...4), labels(shape, classes: 5)])
    let found = try harness.forward().outputs[0].elements[0]
    #expect(found > 0 && found.isFinite)
    let gradient = try harness.backward([one]).inputs[0]?.elements ?? []
    #expect(gradient.contains { $0 != 0 } && gradient.allSatisfy(\.isFinite))
    for pixel in stride(from: 3, to: shape.pixels, by: 7) {
      #expect(gradient[pixel * 5..<pixel * 5 + 5].allSatisfy { $0 == 0 })
    }
  }

  @Test(arguments: all) func nothingCountsGivesZero(loss: any LogitsLoss) throws {
    let logits = Tensor.random([2, 3, 5, 5], seed: 1)
    let harness = OperatorHarness(loss, inputs: [logits, Tensor(repeating: 255, shape: [2, 3, 5, 1])])
    #expect(try harness.forward().outputs[0].elements == [0])
    #expect(try harness.backward([one]).inputs[0] == Tensor(zeros: logits.shape))
    #expect(try harness.backward([nil]).inputs[0] == Tensor(zeros: logits.shape))
  }

  @Test(arguments: all) func hugeLogitsStayFinite(loss: any LogitsLoss) throws {
    let logits = Tensor([1e30, 0, -1e30, 7, 2, -1e30, 1e30, 0, 0, 0], shape: [1, 1, 2, 5])
    let harness = OperatorHarness(loss, inputs: [logits, Tensor([0, 1], shape: [1, 1, 2, 1])])
    _ = try harness.forward()
    #expect(try harness.backward([one]).inputs[0]?.elements.allSatisfy(\.isFinite) == true)
  }

  @Test func errors() {
    func text(_ loss: any LogitsLoss, _ shapes: [Shape] = [[1, 2, 2, 3], [1, 2, 2, 1]]) -> String {
      errorText { _ = try loss.outputShapes(for: shapes) }
    }
    #expect(text(LovaszSoftmax(), [[1, 2, 2, 3]]) == "lovasz_softmax: expected 2 inputs, found 1")
    #expect(
      text(OverlapLoss.dice(), [[1, 2, 2, 3], [1, 2, 3, 1]])
        == "overlap_loss: expected an input of [1, 2, 2, 1], found [1, 2, 3, 1]")
    #expect(
      text(BoundaryCrossEntropy(object: 3))
        == "boundary_cross_entropy: expected object a class of 0 to 2, found 3")
    #expect(
      text(BoundaryCrossEntropy(classWeights: [1]))
        == "boundary_cross_entropy: expected class weights for 3 classes, found 1")
    #expect(text(FocalLoss(gamma: -1)) == "focal_loss: expected gamma in percent of 0 or more, found -100")
    #expect(
      text(HardPixelCrossEntropy(keep: 1.5))
        == "hard_pixel_cross_entropy: expected keep in percent of 0 to 100, found 150")
    #expect(text(BinaryCrossEntropy()) == "")
  }

  /// Two objects with two pixels between them: d1 + d2 is 3 there.
  @Test func boundaryWeightsByHand() throws {
    let labels = Tensor([1, 1, 0, 0, 1, 1, 0], shape: [1, 1, 7, 1])
    var logits = Tensor(zeros: [1, 1, 7, 2])
    logits.withUnsafeMutableElements { $0[4] = 1 }
    let harness = OperatorHarness(BoundaryCrossEntropy(w0: 10, sigma: 5), inputs: [logits, labels])
    let gradient = try #require(try harness.backward([one]).inputs[0]).elements
    // The last pixel lies 1 and 5 from the objects.
    let (near, far) = (1 + 10 * Float(0.835_270_2), 1 + 10 * Float(0.486_752_3))
    let sum = 4 + 2 * near + far
    #expect(abs(gradient[13] - 0.5 * far / sum) < 1e-6)
    #expect(abs(gradient[7] - 0.5 * near / sum) < 1e-6)
    #expect(abs(gradient[0] - 0.5 / sum) < 1e-6)
  }
}
