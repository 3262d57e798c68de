import CKernels
import TensorCore

/// Loops over values and the indices of the pixels that they came from.
///
/// An index is `row · W + column` in the plane that was pooled, an `Int32` in the bits of a `Float` element:
/// activations have one element type, and moving a `Float` does not change its bits.
enum PoolingIndices {
  /// An index as an element.
  @inline(__always)
  static func element(_ index: Int) -> Float { Float(bitPattern: UInt32(truncatingIfNeeded: index)) }

  /// The shape of the values and indices of a pooling of `input`, whose pixels an index must be able to name.
  static func shape(
    of input: Shape, _ geometry: PoolingGeometry, _ label: String
  ) throws(LayerError) -> Shape {
    let size = try geometry.outputSize(of: input, label)
    let pixels = input.height * input.width
    if pixels > Int(Int32.max) {
      throw .setting(operator: label, name: "pixels", expected: "at most \(Int32.max)", found: pixels)
    }
    return input.with(height: size.height, width: size.width)
  }

  /// How values that share a pixel are joined.
  enum Join {
    /// Their sum, in the order of the windows.
    case sum
    /// The last of them.
    case last
  }

  /// Writes every pixel of `plane`: the values of those windows over it whose index names it, 0 without any.
  ///
  /// A gather over windows where a scatter over values would do as well: it runs along channels without
  /// branches, in any number of threads, and never writes outside, whatever the indices are.
  static func spread(
    _ values: TensorView, _ indices: TensorView, to plane: TensorView, _ geometry: PoolingGeometry,
    _ join: Join,
    pool: ThreadPool
  ) {
    let rows = axis(geometry.rows(of: plane.shape), outputs: values.shape.height)
    let columns = axis(geometry.columns(of: plane.shape), outputs: values.shape.width)
    let (width, channels) = (plane.shape.width, plane.channels)
    let others = join == .sum ? TSR_JOIN_SUM : TSR_JOIN_LAST
    pool.forEachImageRow(of: plane.shape) { image, row in
      let line = plane.pixel(image, row, 0)
      let covering = rows.windows(over: row)
      for x in 0..<width {
        let pixel = line + x &* plane.pixelStride
        let name = UInt32(truncatingIfNeeded: row &* width &+ x)
        var isFirst = true
        for windowRow in covering where rows.covers(windowRow, row) {
          let (valueLine, indexLine) = (values.pixel(image, windowRow, 0), indices.pixel(image, windowRow, 0))
          for window in columns.windows(over: x) where columns.covers(window, x) {
            let (value, index) = (
              valueLine + window &* values.pixelStride, indexLine + window &* indices.pixelStride
            )
            tsr_named_values(channels, name, isFirst ? TSR_JOIN_FIRST : others, value, index, pixel)
            isFirst = false
          }
        }
        if isFirst { ChannelLoops.zero(pixel, channels) }
      }
    }
  }

  /// Writes every value: that of the pixel in its window which its index names, 0 when that lies elsewhere.
  static func collect(
    _ plane: TensorView, _ indices: TensorView, to values: TensorView, _ geometry: PoolingGeometry,
    pool: ThreadPool
  ) {
    let rows = axis(geometry.rows(of: plane.shape), outputs: values.shape.height)
    let columns = axis(geometry.columns(of: plane.shape), outputs: values.shape.width)
    let (width, channels) = (plane.shape.width, plane.channels)
    pool.forEachImageRow(of: values.shape) { image, row in
      let (valueLine, indexLine) = (values.pixel(image, row, 0), indices.pixel(image, row, 0))
      for x in 0..<columns.outputs {
        let (value, index) = (valueLine + x &* values.pixelStride, indexLine + x &* indices.pixelStride)
        ChannelLoops.zero(value, channels)
        for vertical in rows.taps(row) {
          let planeRow = rows.input(row, vertical)
          let line = plane.pixel(image, planeRow, 0)
          for horizontal in columns.taps(x) {
            let column = columns.input(x, horizontal)
            let name = UInt32(truncatingIfNeeded: planeRow &* width &+ column)
            let pixel = line + column &* plane.pixelStride
            for c in 0..<channels { value[c] = index[c].bitPattern == name ? pixel[c] : value[c] }
          }
        }
      }
    }
  }

  /// The windows along an axis, as many as there are values: an unpooled plane may be larger than they need.
  private static func axis(_ axis: PoolingAxis, outputs: Int) -> PoolingAxis {
    PoolingAxis(
      kernel: axis.kernel, stride: axis.stride, padding: axis.padding, dilation: axis.dilation,
      inputs: axis.inputs, ceilMode: false, outputs: outputs)
  }
}
