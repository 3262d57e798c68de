import Layers
import TensorCore
import Testing

/// The largest values of windows, as max pooling of the finished output gives them, bit by bit.
@Suite struct PooledConvolutionTests {
  private func pooled(_ output: Tensor) throws -> Tensor {
    try OperatorHarness(MaxPool2D(kernel: 2), inputs: [output], mode: .inference).forward().outputs[0]
  }

  /// An image with places that are not a number.
  private func spoilt(_ image: Tensor) -> Tensor {
    var elements = image.elements
    for index in stride(from: 5, to: elements.count, by: elements.count / 3 + 1) { elements[index] = .nan }
    return Tensor(elements, shape: image.shape)
  }

  /// NaN compares by its bits.
  private func bits(_ tensor: Tensor) -> [UInt32] {
    tensor.elements.map { $0.isNaN ? Float.nan.bitPattern : $0.bitPattern }
  }

  /// Every transform, windows at borders of an odd size, channels that fill vectors and not.
  @Test(.enabled(if: WinogradCase.isSupported), arguments: [WinogradTransform.two, .four, .six])
  func transforms(_ transform: WinogradTransform) throws {
    for (outputs, output) in [
      (32, Pair(12, 18)), (41, Pair(9, 7)), (7, Pair(13, 8)), (64, Pair(2, 2)), (16, Pair(50, 38)),
      // More than is kept in caches, which is written past them.
      (64, Pair(92, 96)),
    ] {
      let drawn = try #require(
        ConvolutionCase(
          batch: 2, output: output, inputs: 16, outputs: outputs, kernel: 3, padding: 1, exact: false))
      for (activation, input) in [
        (Activation.relu, drawn.input), (.identity, drawn.input), (.relu, spoilt(drawn.input)),
      ] {
        let algorithm = WinogradConvolution(drawn.geometry, transform, activation: activation)
        #expect(algorithm.pools)
        let whole = Run(algorithm, drawn.weight, drawn.bias, input, drawn.reference.outputShape)
        let expected = try pooled(whole.output)
        #expect(input != drawn.input || whole.output.elements.contains { $0 != 0 })
        for threads in [1, 2] {
          for gaps in [false, true] {
            let both = whole.again(alone: false, threads: threads, gaps: gaps)
            #expect(bits(both.output) == bits(whole.output), "\(transform): \(drawn)")
            #expect(bits(both.pooled) == bits(expected), "\(transform): \(drawn)")
            let alone = whole.again(alone: true, threads: threads, gaps: gaps)
            #expect(alone.isUntouched, "\(transform): \(drawn)")
            #expect(bits(alone.pooled) == bits(expected), "\(transform): \(drawn)")
          }
        }
      }
    }
  }

  @Test(.enabled(if: WinogradCase.isSupported))
  func whereWinogradCannotPool() throws {
    func convolution(dilation: Pair, _ taps: Int, _ transform: WinogradTransform, _ activation: Activation)
      throws -> WinogradConvolution
    {
      let drawn = try #require(
        ConvolutionCase(
          output: Pair(12, 12), inputs: 8, outputs: 8, kernel: Pair(taps, taps), padding: 2,
          dilation: dilation, exact: false))
      return WinogradConvolution(drawn.geometry, transform, activation: activation)
    }
    #expect(try convolution(dilation: 1, 3, .four, .relu).pools)
    #expect(try !convolution(dilation: 2, 3, .four, .relu).pools)
    #expect(try !convolution(dilation: 1, 7, .twoOfSeven, .relu).pools)
    #expect(try !convolution(dilation: 1, 3, .four, .tanh).pools)
  }

  /// With every algorithm that the engine offers, an addend, rows and columns left over, equal values, and NaN.
  @Test func operatorGivesTheLargest() throws {
    var names: Set<String> = []
    for (channels, size) in [(3, Pair(7, 9)), (24, Pair(12, 10)), (40, Pair(31, 33))] {
      for (takesAddend, isSpoilt) in [(false, false), (true, false), (false, true)] {
        let plain = Convolution(
          outputs: 20, kernel: 3, padding: 1, takesAddend: takesAddend, activation: .relu)
        let shape = Shape(batch: 2, height: size.height, width: size.width, channels: channels)
        let image = Tensor.random(shape, seed: 1)
        let inputs =
          [isSpoilt ? spoilt(image) : image]
          + (takesAddend ? [.random(shape.with(channels: 20), seed: 2)] : [])
        let parameters = [Tensor.random([20, channels, 3, 3], seed: 3), .random([20], seed: 4)]
        func outputs(_ op: any Operator, _ way: String) throws -> [[UInt32]] {
          try OperatorHarness(
            op, inputs: inputs, parameters: parameters, mode: .inference, algorithm: way
          ).forward().outputs.map(bits)
        }
        for way in plain.algorithms(for: inputs.map(\.shape), .forward).map(\.name) {
          let all = try OperatorHarness(
            plain, inputs: inputs, parameters: parameters, mode: .inference, algorithm: way
          ).forward().outputs[0]
          let expected = try bits(pooled(all))
          let message = "\(way), \(channels) channels"
          #expect(
            try outputs(PooledConvolution(plain, givesAll: true), way) == [bits(all), expected], "\(message)")
          #expect(try outputs(PooledConvolution(plain, givesAll: false), way) == [expected], "\(message)")
          names.insert(way)
        }
      }
    }
    #expect(names.contains { $0.hasPrefix("winograd") } == WinogradCase.isSupported)
    #expect(names.contains("patches"))
  }

  @Test func shapesAndWhatSuits() throws {
    let plain = Convolution(outputs: 4, kernel: 3, padding: 1)
    let (both, alone) = (
      PooledConvolution(plain, givesAll: true), PooledConvolution(plain, givesAll: false)
    )
    #expect(try both.outputShapes(for: [[2, 5, 8, 3]]) == [[2, 5, 8, 4], [2, 2, 4, 4]])
    #expect(try alone.outputShapes(for: [[2, 5, 8, 3]]) == [[2, 2, 4, 4]])
    #expect(throws: LayerError.self) { try alone.outputShapes(for: [[1, 1, 8, 3]]) }
    #expect(PooledConvolution.suits(plain) == WinogradCase.isSupported)
    for other in [
      Convolution(outputs: 4, kernel: 1), Convolution(outputs: 4, kernel: 3, stride: 2),
      Convolution(outputs: 4, kernel: 3, dilation: 2), Convolution(outputs: 4, kernel: 3, groups: 2),
      Convolution(outputs: 4, kernel: 3, activation: .tanh),
    ] { #expect(!PooledConvolution.suits(other)) }
  }
}

/// A run of an algorithm that pools, in poisoned memory.
private struct Run {
  let algorithm: WinogradConvolution
  let (weight, bias, input): (Tensor, Tensor, Tensor)
  let shape: Shape
  private(set) var output = Tensor(zeros: [0])
  private(set) var pooled = Tensor(zeros: [0])
  /// Whether nothing was written to the output.
  private(set) var isUntouched = false

  /// A run without pooling.
  init(
    _ algorithm: WinogradConvolution, _ weight: Tensor, _ bias: Tensor, _ input: Tensor, _ shape: Shape
  ) {
    (self.algorithm, self.weight, self.bias, self.input, self.shape) = (algorithm, weight, bias, input, shape)
    output = AlgorithmRunner(algorithm: algorithm, weight: weight, bias: bias).run(input, to: shape)
  }

  /// The same with pooling.
  func again(alone: Bool, threads: Int, gaps: Bool) -> Run {
    let pool = ThreadPool(threads: threads)
    let source = ActivationMemory(input, gaps: gaps)
    let target = ActivationMemory(shape, gaps: gaps)
    let windows = ActivationMemory(
      shape.with(height: shape.height / 2, width: shape.width / 2), gaps: gaps)
    let (packed, stored, offset) = (
      GuardedBlock(count: algorithm.packedCount), GuardedBlock(weight), GuardedBlock(bias)
    )
    let workspace = GuardedBlock(count: algorithm.workspace(threads: threads))
    withExtendedLifetime((source, target, windows, packed, stored, offset, workspace)) {
      algorithm.pack(stored.pointer, into: packed.pointer, pool: pool)
      algorithm.run(
        source.view, packed: packed.pointer, bias: offset.pointer, addend: nil, output: target.view,
        pooled: PooledOutput(windows.view, isAlone: alone), workspace: workspace.pointer, pool: pool)
    }
    packed.checkGuard("packed weights", sourceLocation: #_sourceLocation)
    workspace.checkGuard("workspace", sourceLocation: #_sourceLocation)
    var run = self
    run.pooled = windows.written("pooled", sourceLocation: #_sourceLocation)
    if alone {
      let poison = ActivationMemory.poison.bitPattern
      run.isUntouched = target.view.tensor().elements.allSatisfy { $0.bitPattern == poison }
    } else {
      run.output = target.written("output", sourceLocation: #_sourceLocation)
    }
    return run
  }
}
