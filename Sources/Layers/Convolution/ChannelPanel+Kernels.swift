import CKernels

extension ChannelPanel {
  /// Writes the kernels of some input channels as `[I][tap][channel of the panel]`, from PyTorch's `OIHW`; channels that
  /// fill up the panel are left alone.
  ///
  /// - Parameters:
  ///   - weight: of `geometry`, or of the convolution whose gradient it is, so that I and O are exchanged.
  ///   - taps: of the stored kernels, in whose order they are written.
  func writeKernels(
    of inputs: Range<Int>, _ weight: UnsafePointer<Float>, _ geometry: ConvolutionGeometry, isGradient: Bool,
    taps: Int, into kernels: UnsafeMutablePointer<Float>
  ) {
    guard isGradient else {
      let row = geometry.inputChannels * taps
      let source = weight + channels.lowerBound * row + inputs.lowerBound * taps
      return tsr_transpose(channels.count, inputs.count * taps, source, row, kernels, width)
    }
    guard taps > 1 || channels.count < width else {
      let source = weight + inputs.lowerBound * geometry.outputChannels + channels.lowerBound
      return tsr_copy_panels(inputs.count, width, width, source, geometry.outputChannels, kernels, 0)
    }
    for (place, input) in inputs.enumerated() {
      let source = weight + (input * geometry.outputChannels + channels.lowerBound) * taps
      if taps == 1 {
        (kernels + place * width).update(from: source, count: channels.count)
      } else {
        tsr_transpose(channels.count, taps, source, taps, kernels + place * taps * width, width)
      }
    }
  }
}
