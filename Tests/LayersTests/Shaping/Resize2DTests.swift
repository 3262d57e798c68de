import Layers
import TensorCore
import Testing

@Suite struct Resize2DTests {
  @Test func nearestByHand() throws {
    let input = Tensor([1, 2, 3, 4], shape: [1, 2, 2, 1])
    let harness = OperatorHarness(Resize2D(.factor(.init(1, 2)), .nearest), inputs: [input])
    #expect(try harness.forward().outputs[0] == Tensor([1, 1, 2, 2, 3, 3, 4, 4], shape: [1, 2, 4, 1]))
    #expect(try harness.backward([Tensor.counting([1, 2, 4, 1])]).inputs[0]?.elements == [3, 7, 11, 15])
    let small = Resize2D(.fixed(.init(1, 3)), .nearest)
    let row = Tensor.counting([1, 1, 7, 1])
    #expect(try OperatorHarness(small, inputs: [row]).forward().outputs[0].elements == [1, 3, 5])
  }

  @Test func bilinearByHand() throws {
    let input = Tensor([0, 8], shape: [1, 1, 2, 1])
    let double = OperatorHarness(Resize2D(.factor(.init(1, 2)), .bilinear), inputs: [input])
    #expect(try double.forward().outputs[0].elements == [0, 2, 6, 8])
    #expect(
      try double.backward([Tensor([4, 8, 12, 16], shape: [1, 1, 4, 1])]).inputs[0]?.elements == [13, 27])
    let corners = Resize2D(.fixed(.init(1, 5)), .bilinear, alignCorners: true)
    #expect(try OperatorHarness(corners, inputs: [input]).forward().outputs[0].elements == [0, 2, 4, 6, 8])
  }

  struct Setting: CustomTestStringConvertible {
    let method: Resize2D.Method
    let alignCorners: Bool
    var testDescription: String { "\(method), align corners \(alignCorners)" }
  }

  @Test(arguments: [
    Setting(method: .nearest, alignCorners: false), Setting(method: .bilinear, alignCorners: false),
    Setting(method: .bilinear, alignCorners: true),
  ])
  func sweep(setting: Setting) throws {
    var stream = RandomStream(seed: 71)
    for round in 0..<30 {
      let output: Shape = [
        1 + stream.below(2), 1 + stream.below(17), 1 + stream.below(17), 1 + stream.below(6),
      ]
      let input = Tensor.random(
        output.with(height: 1 + stream.below(13), width: 1 + stream.below(13)), seed: UInt64(round))
      let gradient = Tensor.random(output, seed: UInt64(round + 100))
      let rows = weights(setting, from: input.shape.height, to: output.height)
      let columns = weights(setting, from: input.shape.width, to: output.width)
      let (image, flow) = (Naive(input), Naive(gradient))
      var (expected, back) = (Naive(output), Naive(input.shape))
      expected.forEach { n, y, x, c in
        for (row, vertical) in rows[y] {
          for (column, horizontal) in columns[x] {
            expected[n, y, x, c] += vertical * horizontal * image[n, row, column, c]
            back[n, row, column, c] += vertical * horizontal * flow[n, y, x, c]
          }
        }
      }
      let reference = Tensor(zeros: output.with(channels: 2))
      let harness = OperatorHarness(
        Resize2D(.reference, setting.method, alignCorners: setting.alignCorners), inputs: [input, reference])
      // Places are Float: up to 17 pixels from 0, an ulp of the place is some 16 of the weight.
      expectClose(try harness.forward().outputs[0], expected, reduction: 64, "\(round)")
      let gradients = try harness.backward([gradient]).inputs
      expectClose(gradients[0], back, reduction: 17 * 17 * 4, "\(round)")
      #expect(gradients[1] == reference)
    }
  }

  /// The pixels and weights of each index, by the textbook.
  private func weights(_ setting: Setting, from input: Int, to output: Int) -> [[(Int, Double)]] {
    (0..<output).map { index in
      switch setting.method {
      case .nearest:
        return [(index * input / output, 1)]
      case .bilinear:
        let place =
          setting.alignCorners
          ? (output > 1 ? Double(index * (input - 1)) / Double(output - 1) : 0)
          : max(0, (Double(index) + 0.5) * Double(input) / Double(output) - 0.5)
        let first = min(Int(place), input - 1)
        return [(first, 1 - place + Double(first)), (min(first + 1, input - 1), place - Double(first))]
      }
    }
  }

  @Test func gradients() throws {
    let input = Tensor.random([2, 3, 4, 2], seed: 1)
    try GradientCheck().run(Resize2D(.factor(2), .bilinear), inputs: [input])
    try GradientCheck().run(Resize2D(.fixed(.init(7, 2)), .bilinear, alignCorners: true), inputs: [input])
    try GradientCheck().run(Resize2D(.fixed(.init(2, 9)), .nearest), inputs: [input])
  }

  @Test func geometry() {
    let op = Resize2D(.factor(2), .bilinear)
    #expect(op.window(for: [[1, 4, 5, 2]]) == Window(extent: 4, upsampling: 2, padding: 2))
    let reference = Resize2D(.reference, .nearest)
    #expect([0, 1].map(reference.sees) == [true, false])
    #expect(
      reference.window(for: [[1, 4, 5, 2], [1, 12, 2, 9]])
        == Window(extent: Pair(3, 2), stride: Pair(1, 5), upsampling: Pair(3, 2), padding: Pair(2, 1)))
    #expect(Resize2D(.fixed(4), .nearest).isIdentity(for: [[1, 4, 4, 2]], mode: .inference))
    #expect(!Resize2D(.fixed(4), .nearest).isIdentity(for: [[1, 4, 5, 2]], mode: .inference))
    #expect(Resize2D(.factor(1), .bilinear).isIdentity(for: [[1, 4, 5, 2]], mode: .inference))
  }

  @Test func errors() {
    func text(_ op: Resize2D, _ inputs: [Shape]) -> String {
      errorText { _ = try op.outputShapes(for: inputs) }
    }
    #expect(text(Resize2D(.reference, .nearest), [[1, 2, 2, 1]]) == "resize2d: expected 2 inputs, found 1")
    #expect(
      text(Resize2D(.factor(0), .nearest), [[1, 2, 2, 1]])
        == "resize2d: expected factor from 1 to 65536, found 0")
    #expect(
      text(Resize2D(.fixed(.init(3, .max)), .nearest), [[1, 2, 2, 1]])
        == "resize2d: expected size from 1 to 65536, found \(Int.max)")
    #expect(
      text(Resize2D(.factor(2), .nearest), [[1, 0, 2, 1]])
        == "resize2d: expected a padded input of at least 1x1, found 0x2; use a larger image")
  }

  /// An output depends on the pixels of its window and on no others, wherever none of them lies beyond the border.
  @Test(
    arguments: [
      Setting(method: .nearest, alignCorners: false), Setting(method: .bilinear, alignCorners: false),
      Setting(method: .bilinear, alignCorners: true),
    ], [(8, 16), (8, 24), (8, 12), (9, 13), (13, 9), (12, 4), (5, 5), (16, 8)])
  func windows(setting: Setting, sizes: (Int, Int)) throws {
    let (inputs, outputs) = sizes
    let op = Resize2D(.fixed(Pair(1, outputs)), setting.method, alignCorners: setting.alignCorners)
    let window = try #require(op.window(for: [[inputs, 1, inputs, 1]]))
    var ones = Tensor(zeros: [inputs, 1, inputs, 1])
    ones.withUnsafeMutableElements { elements in
      for place in 0..<inputs { elements[place * inputs + place] = 1 }
    }
    let weights = try OperatorHarness(op, inputs: [ones]).forward().outputs[0].elements
    var whole = 0
    for output in 0..<outputs {
      // Fractions are those of single precision: 1e-5 of a pixel is no pixel.
      let seen = (0..<inputs).filter { weights[$0 * outputs + output] > 1e-5 }
      let start = output * window.stride.width - window.padding.width
      let places = start..<start + window.extent.width
      let expected = (-inputs..<2 * inputs).filter { places.contains($0 * window.upsampling.width) }
      #expect(!expected.isEmpty && Set(seen).isSubset(of: expected))
      guard expected.allSatisfy({ (0..<inputs).contains($0) }) else { continue }
      #expect(seen == expected)
      whole += 1
    }
    #expect(whole >= outputs / 2)
  }
}
