import Foundation
import Layers
import TensorCore
import Testing

@Suite struct SoftmaxCrossEntropyTests {
  /// Logits, labels and settings whose results PyTorch 2.15 gave.
  private let logits = Tensor([1, 2, -1, 0.5, 0, 3, -2, 1, 1, 0, 0, 0], shape: [1, 2, 2, 3])
  private let labels = Tensor([0, 2, 255, 1], shape: [1, 2, 2, 1])

  private func expectValues(
    _ loss: SoftmaxCrossEntropy, _ value: Double, _ gradient: [Double],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let harness = OperatorHarness(loss, inputs: [logits, labels])
    let found = try harness.forward().outputs[0].elements[0]
    #expect(abs(Double(found) - value) < 3e-7, sourceLocation: sourceLocation)
    let gradients = try harness.backward([Tensor([1], shape: [1, 1, 1, 1])])
    var expected = Naive(logits.shape)
    expected.elements = gradient
    expectClose(gradients.inputs[0], expected, sourceLocation: sourceLocation)
    #expect(gradients.inputs[1] == Tensor(zeros: labels.shape), sourceLocation: sourceLocation)
  }

  @Test func equalsPyTorch() throws {
    try expectValues(
      .init(ignoreIndex: 255), 0.8571658134460449,
      [
        -0.24683451652526855, 0.23512819409370422, 0.011706343851983547, 0.024173814803361893,
        0.014662159606814384, -0.03883596509695053, 0, 0, 0, 0.1111111044883728, -0.222222238779068,
        0.1111111044883728,
      ])
    try expectValues(
      .init(classWeights: [0.5, 2, 1.25], ignoreIndex: 255), 0.8070858120918274,
      [
        -0.0987338051199913, 0.09405127912759781, 0.004682537633925676, 0.024173814803361893,
        0.014662159606814384, -0.03883596509695053, 0, 0, 0, 0.17777778208255768, -0.35555559396743774,
        0.17777778208255768,
      ])
    try expectValues(
      .init(classWeights: [0.5, 2, 1.25], ignoreIndex: 255, labelSmoothing: 0.1), 0.8809826374053955,
      [
        -0.08465497940778732, 0.0903811901807785, -0.005726193077862263, 0.0197293683886528,
        -0.0031156199984252453, -0.016613738611340523, 0, 0, 0, 0.1666666567325592, -0.3266666531562805,
        0.15999998152256012,
      ])
    try expectValues(
      .init(ignoreIndex: 255, labelSmoothing: 0.1), 0.9293880462646484,
      [
        -0.2246122658252716, 0.22401705384254456, 0.0005952314822934568, 0.013062700629234314,
        0.0035510468296706676, -0.016613738611340523, 0, 0, 0, 0.09999998658895493, -0.19999998807907104,
        0.09999998658895493,
      ])
  }

  @Test func equalLogitsGiveTheLogarithm() throws {
    let harness = OperatorHarness(
      SoftmaxCrossEntropy(), inputs: [Tensor(zeros: [1, 1, 2, 4]), Tensor([3, 0], shape: [1, 1, 2, 1])])
    #expect(try harness.forward().outputs[0].elements == [Float(log(4.0))])
    let gradient = try harness.backward([Tensor([8], shape: [1, 1, 1, 1])]).inputs[0]
    #expect(gradient?.elements == [1, 1, 1, -3, -3, 1, 1, 1])
  }

  @Test func hugeLogitsStayFinite() throws {
    let harness = OperatorHarness(
      SoftmaxCrossEntropy(),
      inputs: [Tensor([1e30, 0, -1e30, 7], shape: [1, 1, 2, 2]), Tensor([0, 1], shape: [1, 1, 2, 1])])
    #expect(try harness.forward().outputs[0].elements == [0])
    #expect(try harness.backward([Tensor([1], shape: [1, 1, 1, 1])]).inputs[0]?.elements == [0, 0, 0, 0])
  }

  @Test(arguments: [[2, 5, 7, 2], [2, 53, 61, 11], [1, 1, 1, 300], [1, 17, 19, 21]], [Float(0), 0.2])
  func matchesReference(extents: [Int], smoothing: Float) throws {
    let shape = Shape(extents)
    let weights = Tensor.random([shape.channels], seed: 5, in: 0.25...2).elements
    var labels = Tensor.integers(shape.with(channels: 1), seed: 6, in: 0...shape.channels - 1)
    labels.withUnsafeMutableElements { elements in
      for index in stride(from: 3, to: elements.count, by: 7) { elements[index] = 255_000 }
    }
    let logits = Tensor.random(shape, seed: 7, in: -9...9)
    let loss = SoftmaxCrossEntropy(classWeights: weights, ignoreIndex: 255_000, labelSmoothing: smoothing)
    let harness = OperatorHarness(loss, inputs: [logits, labels])
    var (sum, total) = (0.0, 0.0)
    var gradient = Naive(shape)
    let (source, classes) = (logits.elements.map(Double.init), shape.channels)
    for (pixel, label) in labels.elements.enumerated() where label < 255_000 {
      let row = source[pixel * classes..<(pixel + 1) * classes]
      let normalizer = row.map(exp).reduce(0, +)
      total += Double(weights[Int(label)])
      for c in 0..<classes {
        let own = c == Int(label) ? Double(1 - smoothing) : 0
        let target = (own + Double(smoothing) / Double(classes)) * Double(weights[c])
        sum += target * (log(normalizer) - row[row.startIndex + c])
        gradient.elements[pixel * classes + c] -= target
        for d in 0..<classes {
          gradient.elements[pixel * classes + d] += target * exp(row[row.startIndex + d]) / normalizer
        }
      }
    }
    var expected = Naive([1, 1, 1, 1])
    expected.elements = [sum / total]
    let found = try harness.forward()
    expectClose(found.outputs[0], expected, reduction: 4)
    // Times the sum of weights, so that the gradient of a pixel does not shrink with their number.
    let scaled = try harness.backward([Tensor([Float(total)], shape: [1, 1, 1, 1])])
    expectClose(scaled.inputs[0], gradient, reduction: classes)
    let alone = OperatorHarness(loss, inputs: [logits, labels], mode: .inference)
    #expect(try alone.forward().outputs == found.outputs)
  }

  @Test func gradients() throws {
    let labels = Tensor.integers([2, 3, 3, 1], seed: 4, in: 0...4)
    for smoothing in [Float(0), 0.1] {
      try GradientCheck().run(
        SoftmaxCrossEntropy(classWeights: [1, 0.5, 2, 1, 3], ignoreIndex: 2, labelSmoothing: smoothing),
        inputs: [Tensor.random([2, 3, 3, 5], seed: 3), labels], wanted: [true, false])
    }
  }

  @Test func nothingCountsGivesZero() throws {
    let logits = Tensor.random([2, 3, 5, 4], seed: 1)
    let one = Tensor([1], shape: [1, 1, 1, 1])
    let ignored = OperatorHarness(
      SoftmaxCrossEntropy(ignoreIndex: 3), inputs: [logits, Tensor(repeating: 3, shape: [2, 3, 5, 1])])
    let weightless = OperatorHarness(
      SoftmaxCrossEntropy(classWeights: [1, 1, 1, 0]),
      inputs: [logits, Tensor(repeating: 3, shape: [2, 3, 5, 1])])
    for harness in [ignored, weightless] {
      #expect(try harness.forward().outputs[0].elements == [0])
      #expect(try harness.backward([one]).inputs[0] == Tensor(zeros: logits.shape))
      #expect(try harness.backward([nil]).inputs[0] == Tensor(zeros: logits.shape))
    }
  }

  @Test func labelsThatAreNoClassAreIgnored() throws {
    let wrong: [Float] = [-1, 4, 1e30, -1e30, .nan, .infinity, 1.5]
    let labels = Tensor(wrong + [2], shape: [1, 1, 8, 1])
    let logits = Tensor.random([1, 1, 8, 4], seed: 1)
    let harness = OperatorHarness(SoftmaxCrossEntropy(), inputs: [logits, labels])
    let last = Tensor(Array(logits.elements.suffix(4)), shape: [1, 1, 1, 4])
    let alone = OperatorHarness(SoftmaxCrossEntropy(), inputs: [last, Tensor([2], shape: [1, 1, 1, 1])])
    #expect(try harness.forward().outputs == alone.forward().outputs)
    let gradient = try harness.backward([Tensor([1], shape: [1, 1, 1, 1])]).inputs[0]
    #expect(gradient?.elements.dropLast(4).allSatisfy { $0 == 0 } == true)
    #expect(gradient?.elements.suffix(4).allSatisfy { $0 != 0 } == true)
  }

  @Test func errors() {
    func text(_ loss: SoftmaxCrossEntropy, _ shapes: [Shape]) -> String {
      errorText { _ = try loss.outputShapes(for: shapes) }
    }
    #expect(text(.init(), [[1, 2, 2, 3]]) == "softmax_cross_entropy: expected 2 inputs, found 1")
    #expect(
      text(.init(), [[1, 2, 2, 3], [1, 2, 3, 1]])
        == "softmax_cross_entropy: expected an input of [1, 2, 2, 1], found [1, 2, 3, 1]")
    #expect(
      text(.init(classWeights: [1]), [[1, 2, 2, 3], [1, 2, 2, 1]])
        == "softmax_cross_entropy: expected class weights for 3 classes, found 1")
    #expect(
      text(.init(labelSmoothing: 1.5), [[1, 2, 2, 3], [1, 2, 2, 1]])
        == "softmax_cross_entropy: expected label smoothing in percent of 0 to 100, found 150")
  }
}
