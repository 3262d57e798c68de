import CKernels
import TensorCore

extension BatchNorm2D {
  /// Writes the gradients of input, weight and bias, and that of an addend, which may be where the gradient of the output
  /// stands already; 0 where none flows back.
  public func backward(_ pass: BackwardPass) {
    let channels = pass.inputs[0].channels
    guard let gradient = pass.outputGradients[0] else {
      for (input, target) in pass.inputGradients.enumerated() where !pass.accumulates(input: input) {
        if let target { pass.pool.clear(target) }
      }
      for case .some(let target) in pass.parameterGradients { target.update(repeating: 0, count: channels) }
      return
    }
    let coefficients = Coefficients(pass, channels: channels)
    let (weight, inverse) = (pass.parameters[0], pass.saved[1].pointer)
    for channel in 0..<channels { coefficients.scale[channel] = weight[channel] * inverse[channel] }
    sumGradients(pass, gradient, coefficients)
    if let target = pass.inputGradients[0] { writeGradients(pass, gradient, coefficients, to: target) }
  }

  /// Where the workspace holds what belongs to channels, and behind it what belongs to chunks.
  private struct Coefficients {
    let scale: UnsafeMutablePointer<Float>
    let slope: UnsafeMutablePointer<Float>
    let offset: UnsafeMutablePointer<Float>
    let partials: UnsafeMutablePointer<Float>
    let scratch: UnsafeMutablePointer<Float>

    init(_ pass: BackwardPass, channels: Int) {
      scale = pass.workspace
      slope = scale + channels
      offset = slope + channels
      partials = offset + channels
      scratch = partials + 2 * PixelChunks(pass.inputs[0].shape).count * channels
    }
  }

  /// The gradient of the affine map's output for the pixels of a chunk: `gradient` itself before a clamp,
  /// which the kernels know, else its product with the activation's derivative. This is the addend's gradient too, and
  /// where nobody wants that, it lies in scratch memory.
  private func mapped(
    _ pass: BackwardPass, _ gradient: TensorView, _ range: Range<Int>, _ scratch: UnsafeMutablePointer<Float>,
    _ worker: Int
  ) -> (pointer: UnsafePointer<Float>, stride: Int) {
    if findsGate { return (UnsafePointer(gradient.pixel(range.lowerBound)), gradient.pixelStride) }
    let output = pass.outputs[0]
    let channels = output.channels
    let chunks = PixelChunks(output.shape)
    let (target, step) =
      addendGradient(pass).map { ($0.pixel(range.lowerBound), $0.pixelStride) }
      ?? (scratch + worker * min(chunks.size, chunks.pixels) * channels, channels)
    if output.isContiguous && gradient.isContiguous && step == channels {
      activation.applyDerivative(
        output: output.pixel(range.lowerBound), gradient: gradient.pixel(range.lowerBound), to: target,
        range.count * channels)
    } else {
      for (row, pixel) in range.enumerated() {
        activation.applyDerivative(
          output: output.pixel(pixel), gradient: gradient.pixel(pixel), to: target + row * step, channels)
      }
    }
    return (UnsafePointer(target), step)
  }

  private func addendGradient(_ pass: BackwardPass) -> TensorView? {
    takesAddend ? pass.inputGradients[1] : nil
  }

  /// What the kernels clamp by: gradients that `mapped` has multiplied pass whole.
  private var gate: Float { findsGate ? lowest : -.infinity }

  /// Sums of gradients, and of their products with the centred input, give the gradients of bias and weight
  /// and what the mean and the variance pass back to every input.
  private func sumGradients(_ pass: BackwardPass, _ gradient: TensorView, _ coefficients: Coefficients) {
    let input = pass.inputs[0]
    let channels = input.channels
    let chunks = PixelChunks(input.shape)
    let center = pass.saved[0].pointer
    let partials = coefficients.partials
    pass.pool.forEach(chunks.count) { position, worker in
      // From the end, so that the map begins where this ends and finds it in a cache.
      let index = chunks.count - 1 - position
      let range = chunks[index]
      let (pointer, stride) = mapped(pass, gradient, range, coefficients.scratch, worker)
      let sums = partials + 2 * index * channels
      tsr_normalize_sums(
        range.count, channels, pointer, stride, input.pixel(range.lowerBound), input.pixelStride, center,
        coefficients.scale, pass.parameters[1], gate, sums, sums + channels)
    }
    pass.pool.forEachChunk(of: channels, size: Self.channelChunk) { range in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * range.count) { totals in
        guard let sums = totals.baseAddress else { return }
        let products = sums + range.count
        sums.initialize(repeating: 0, count: 2 * range.count)
        // Chunks are the outer loop, because their sums lie apart.
        for index in 0..<chunks.count {
          let sum = partials + 2 * index * channels + range.lowerBound
          for place in 0..<range.count { sums[place] += Double(sum[place]) }
          for place in 0..<range.count { products[place] += Double(sum[channels + place]) }
        }
        for (place, channel) in range.enumerated() {
          record(
            pass, coefficients, channel, sum: sums[place], product: products[place],
            pixels: Double(max(1, chunks.pixels)))
        }
      }
    }
  }

  private func record(
    _ pass: BackwardPass, _ coefficients: Coefficients, _ channel: Int, sum: Double, product: Double,
    pixels: Double
  ) {
    let scale = Double(coefficients.scale[channel])
    let inverse = Double(pass.saved[1].pointer[channel])
    pass.parameterGradients[0]?[channel] = Float(product * inverse)
    pass.parameterGradients[1]?[channel] = Float(sum)
    coefficients.slope[channel] = Float(-scale * inverse * inverse * product / pixels)
    coefficients.offset[channel] = Float(-scale * sum / pixels)
  }

  private func writeGradients(
    _ pass: BackwardPass, _ gradient: TensorView, _ coefficients: Coefficients, to target: TensorView
  ) {
    let input = pass.inputs[0]
    let chunks = PixelChunks(input.shape)
    let center = pass.saved[0].pointer
    let streams = target.isStreamed(with: .identity)
    pass.pool.forEach(chunks.count) { index, worker in
      let range = chunks[index]
      // The sums' pass has left it where the addend's gradient lies.
      let (pointer, stride) =
        addendGradient(pass).map { (UnsafePointer($0.pixel(range.lowerBound)), $0.pixelStride) }
        ?? mapped(pass, gradient, range, coefficients.scratch, worker)
      tsr_normalize_gradient(
        range.count, input.channels, pointer, stride, input.pixel(range.lowerBound), input.pixelStride,
        center, coefficients.scale, pass.parameters[1], gate, coefficients.slope, coefficients.offset,
        pass.accumulates(input: 0) ? 1 : 0, streams ? 1 : 0, target.pixel(range.lowerBound),
        target.pixelStride)
      if streams { tsr_end_streams() }
    }
  }
}
