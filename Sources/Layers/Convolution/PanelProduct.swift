import CKernels

/// A product of pixels with one panel of packed weights, finished with bias, addend and activation.
struct PanelProduct {
  let panel: ChannelPanel
  /// One for each output channel of the layer; `nil` for none.
  let bias: UnsafePointer<Float>?
  let activation: Activation
  /// Whether outputs are more than caches hold until they are read.
  let streams: Bool

  /// Writes the panel's channels of `pixels` outputs of one row.
  ///
  /// - Parameters:
  ///   - source: the first tap of the first output.
  ///   - addend: what is added to the first output, all channels, and how far apart its pixels lie.
  ///   - target: the first output, all channels; outputs lie `step` elements apart.
  ///   - scratch: a panel for each pixel, for sums of a panel that is not full.
  @inline(__always)
  func run(
    _ pixels: Int, _ source: UnsafePointer<Float>, _ window: tsr_window, weights: UnsafePointer<Float>,
    addend: (pixel: UnsafePointer<Float>, step: Int)?, into target: UnsafeMutablePointer<Float>, step: Int,
    scratch: UnsafeMutablePointer<Float>
  ) {
    let (target, channels) = (target + panel.channels.lowerBound, panel.channels.count)
    var window = window
    var finish = tsr_finish(
      bias: bias.map { $0 + panel.channels.lowerBound }, lowest: activation == .relu ? 0 : -.infinity,
      addend: addend.map { $0.pixel + panel.channels.lowerBound }, addend_step: addend?.step ?? 0,
      addend_row_step: 0, streams: streams ? 1 : 0)
    if channels == panel.width {
      tsr_panel_product(pixels, panel.isHalf ? 1 : 0, source, &window, weights, &finish, target, step)
    } else {
      tsr_panel_product(pixels, panel.isHalf ? 1 : 0, source, &window, weights, nil, scratch, panel.width)
      tsr_finish_sums(pixels, channels, scratch, panel.width, &finish, target, step)
    }
    guard activation != .relu && activation != .identity else { return }
    for pixel in 0..<pixels { activation.apply(target + pixel * step, channels) }
  }
}

extension tsr_window {
  /// Pixels of so many channels that lie `step` elements apart, each read by itself.
  init(pixelsOf channels: Int, step: Int) {
    self.init(
      channels: channels, kernel_height: 1, kernel_width: 1, pixel_step: step, row_step: 0, column_step: 0,
      next_weights: nil,
      next_input: nil, next_elements: 0)
  }
}
