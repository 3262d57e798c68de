import CKernels

/// Winograd's minimal filtering F(m×m, r×r): m×m outputs of r×r taps from (m + r - 1)² products for each pair of
/// channels instead of m² r² (Lavin and Gray 2015, arXiv:1509.09308).
///
/// A larger tile saves more and loses more accuracy: of 256 channels, no output is off by more than about 2e-6 of the
/// largest for m = 4, and 1.5e-5 for m = 6.
package enum WinogradTransform: CaseIterable, Sendable {
  /// F(2×2, 3×3).
  case two
  /// F(4×4, 3×3).
  case four
  /// F(6×6, 3×3).
  case six
  /// F(2×2, 7×7), for the dense layers of a classifier on a map, at a third of the products.
  case twoOfSeven

  /// m, outputs along an axis.
  var outputs: Int {
    switch self {
    case .two, .twoOfSeven: 2
    case .four: 4
    case .six: 6
    }
  }
  /// r, taps along an axis.
  package var taps: Int { self == .twoOfSeven ? 7 : 3 }
  /// t = m + r - 1, inputs and products along an axis.
  var extent: Int { outputs + taps - 1 }
  /// t², products of a tile for each pair of channels.
  package var products: Int { extent * extent }
  /// Whether it has transforms for the gradient of the weight.
  package var hasWeightGradient: Bool { self != .twoOfSeven }
  /// What per-layer listings show.
  var name: String { "winograd\(outputs)" + (taps == 3 ? "" : "x\(taps)") }

  private var kind: tsr_winograd_kind {
    switch self {
    case .two: TSR_WINOGRAD_2_3
    case .four: TSR_WINOGRAD_4_3
    case .six: TSR_WINOGRAD_6_3
    case .twoOfSeven: TSR_WINOGRAD_2_7
    }
  }

  /// Writes the products of a grid of so many channels, `step` elements apart.
  @inline(__always)
  func expand(
    _ source: tsr_winograd_source, channels: Int, _ patch: WinogradPatch,
    into products: UnsafeMutablePointer<Float>, step: Int, streams: Bool = false
  ) {
    var grid = patch.grid
    tsr_winograd_expand(source, kind, channels, patch.pixel, &grid, products, step, streams ? 1 : 0)
  }

  /// Sums products to a grid of gradients of a kernel.
  @inline(__always)
  func reduce(
    channels: Int, _ products: UnsafePointer<Float>, step: Int, toGradient patch: WinogradPatch
  ) {
    var grid = patch.grid
    tsr_winograd_reduce(
      TSR_WINOGRAD_KERNEL_GRADIENT, kind, channels, products, step, nil, nil, patch.pixel, &grid)
  }

  /// Sums products to a grid of outputs of so many channels, and takes the largest of each window if asked to.
  @inline(__always)
  func reduce(
    channels: Int, _ products: UnsafePointer<Float>, step: Int, finish: tsr_finish,
    pooled: tsr_winograd_pooled?, into patch: WinogradPatch
  ) {
    var (grid, finish) = (patch.grid, finish)
    if var pooled {
      tsr_winograd_reduce(
        TSR_WINOGRAD_OUTPUT, kind, channels, products, step, &finish, &pooled, patch.pixel, &grid)
    } else {
      tsr_winograd_reduce(
        TSR_WINOGRAD_OUTPUT, kind, channels, products, step, &finish, nil, patch.pixel, &grid)
    }
  }
}

/// A grid of pixels of an activation, some of which may lie outside of it.
struct WinogradPatch {
  /// The first pixel of the grid, which is not to be touched where it lies outside.
  let pixel: UnsafeMutablePointer<Float>
  /// Where the others are, and which lie inside.
  let grid: tsr_winograd_grid

  /// So many taps along each axis, which lie `step` elements apart.
  static func kernel(_ pointer: UnsafeMutablePointer<Float>, taps: Int, step: Int) -> WinogradPatch {
    WinogradPatch(
      pixel: pointer,
      grid: tsr_winograd_grid(
        row_step: taps * step, pixel_step: step, top: 0, bottom: taps, left: 0, right: taps))
  }
}
