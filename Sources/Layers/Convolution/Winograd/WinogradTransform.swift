import CKernels

/// Winograd's minimal filtering F(m×m, 3×3): m×m outputs of a 3×3 convolution from (m + 2)² products for each pair
/// of channels instead of 9 m² (Lavin and Gray 2015, arXiv:1509.09308).
///
/// A larger tile saves more and loses more accuracy: of 256 channels, no output is off by more than about 2e-6 of the
/// largest for m = 4, and 1.5e-5 for m = 6.
package enum WinogradTransform: Int, CaseIterable, Sendable {
  case two = 2
  case four = 4
  case six = 6

  /// m, outputs along an axis.
  var outputs: Int { rawValue }
  /// t = m + 2, inputs and products along an axis.
  var extent: Int { rawValue + 2 }
  /// t², products of a tile for each pair of channels.
  package var products: Int { extent * extent }

  /// Writes the products of a grid of so many channels, `step` elements apart.
  @inline(__always)
  func expand(
    _ source: tsr_winograd_source, channels: Int, _ patch: WinogradPatch,
    into products: UnsafeMutablePointer<Float>, step: Int
  ) {
    var grid = patch.grid
    tsr_winograd_expand(source, CInt(rawValue), channels, patch.pixel, &grid, products, step)
  }

  /// Sums products to a grid of so many channels, adds the bias and takes the maximum with `lowest`.
  @inline(__always)
  func reduce(
    _ target: tsr_winograd_target, channels: Int, _ products: UnsafePointer<Float>, step: Int,
    bias: UnsafePointer<Float>? = nil, lowest: Float = -.infinity, into patch: WinogradPatch,
    streams: Bool = false
  ) {
    var grid = patch.grid
    tsr_winograd_reduce(
      target, CInt(rawValue), channels, products, step, bias, lowest, patch.pixel, &grid, streams ? 1 : 0)
  }
}

/// A grid of pixels of an activation, some of which may lie outside of it.
struct WinogradPatch {
  /// The first pixel of the grid, which is not to be touched where it lies outside.
  let pixel: UnsafeMutablePointer<Float>
  /// Where the others are, and which lie inside.
  let grid: tsr_winograd_grid

  /// 3×3 weights that lie `step` elements apart.
  static func kernel(_ pointer: UnsafeMutablePointer<Float>, step: Int) -> WinogradPatch {
    WinogradPatch(
      pixel: pointer,
      grid: tsr_winograd_grid(row_step: 3 * step, pixel_step: step, top: 0, bottom: 3, left: 0, right: 3))
  }
}
