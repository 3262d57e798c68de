import TensorCore

/// Where the windows of a pooling operator lie.
struct PoolingGeometry: Hashable, Sendable {
  var kernel: Pair
  var stride: Pair
  var padding: Pair
  var dilation: Pair = 1
  var ceilMode = false

  /// Pixels from the first to the last that a window covers.
  var extent: Pair {
    Pair(dilation.height * (kernel.height - 1) + 1, dilation.width * (kernel.width - 1) + 1)
  }

  /// What an output sees.
  var window: Window { Window(extent: extent, stride: stride, padding: padding) }

  /// Throws unless all settings are in range.
  func check(_ label: String) throws(LayerError) {
    let limit = 65536
    for (name, pair) in [("kernel", kernel), ("stride", stride), ("dilation", dilation)] {
      for side in [pair.height, pair.width] where !(1...limit).contains(side) {
        throw .setting(operator: label, name: name, expected: "from 1 to \(limit)", found: side)
      }
    }
    for (side, extent) in [(padding.height, extent.height), (padding.width, extent.width)]
    where !(0...extent / 2).contains(side) {
      throw .setting(operator: label, name: "padding", expected: "from 0 to half of the kernel", found: side)
    }
  }

  /// The height and width of the output.
  func outputSize(of input: Shape, _ label: String) throws(LayerError) -> Pair {
    try check(label)
    let padded = Pair(input.height + 2 * padding.height, input.width + 2 * padding.width)
    // In ceil mode the first window, too, may reach beyond the padded image, by less than a stride.
    let beyond = ceilMode ? Pair(stride.height - 1, stride.width - 1) : 0
    let least = Pair(max(1, extent.height - beyond.height), max(1, extent.width - beyond.width))
    if padded.height < least.height || padded.width < least.width || input.height < 1 || input.width < 1 {
      throw .windowTooLarge(operator: label, window: least, padded: padded)
    }
    return Pair(rows(of: input).outputs, columns(of: input).outputs)
  }

  /// The windows along the height of an image.
  func rows(of image: Shape) -> PoolingAxis {
    PoolingAxis(
      kernel: kernel.height, stride: stride.height, padding: padding.height, dilation: dilation.height,
      inputs: image.height, ceilMode: ceilMode)
  }

  /// The windows along the width of an image.
  func columns(of image: Shape) -> PoolingAxis {
    PoolingAxis(
      kernel: kernel.width, stride: stride.width, padding: padding.width, dilation: dilation.width,
      inputs: image.width, ceilMode: ceilMode)
  }
}

/// The windows of a pooling operator along one axis.
struct PoolingAxis {
  let kernel: Int
  let stride: Int
  let padding: Int
  let dilation: Int
  /// Pixels of the image.
  let inputs: Int
  /// Windows.
  let outputs: Int

  /// The windows over `inputs` pixels; there are `outputs` of them where given.
  init(
    kernel: Int, stride: Int, padding: Int, dilation: Int, inputs: Int, ceilMode: Bool, outputs: Int? = nil
  ) {
    (self.kernel, self.stride, self.padding, self.dilation) = (kernel, stride, padding, dilation)
    self.inputs = inputs
    let room = inputs + 2 * padding - dilation * (kernel - 1) - 1
    var count = (ceilMode ? room + stride - 1 : room) / stride + 1
    // A last window that starts in the padding behind the image would see nothing of it.
    if ceilMode, (count - 1) * stride >= inputs + padding { count -= 1 }
    self.outputs = outputs ?? count
  }

  /// The pixel that tap `tap` of window `output` looks at; it may lie in the padding.
  @inline(__always)
  func input(_ output: Int, _ tap: Int) -> Int { output &* stride &- padding &+ tap &* dilation }

  /// The taps of a window that lie in the image.
  @inline(__always)
  func taps(_ output: Int) -> Range<Int> {
    let start = output &* stride &- padding
    let first = start < 0 ? (dilation - 1 - start) / dilation : 0
    let room = inputs - start
    let end = room <= 0 ? 0 : min(kernel, (room + dilation - 1) / dilation)
    return min(first, end)..<end
  }

  /// The windows that may cover a pixel; with a dilation, `covers` tells which do.
  @inline(__always)
  func windows(over input: Int) -> Range<Int> {
    let place = input &+ padding
    let reach = dilation &* (kernel &- 1)
    let first = place <= reach ? 0 : (place - reach + stride - 1) / stride
    let end = min(outputs, place / stride + 1)
    return min(first, end)..<end
  }

  /// Whether one of the `windows(over:)` has a tap on the pixel.
  @inline(__always)
  func covers(_ output: Int, _ input: Int) -> Bool {
    dilation == 1 || (input &+ padding &- output &* stride) % dilation == 0
  }
}
