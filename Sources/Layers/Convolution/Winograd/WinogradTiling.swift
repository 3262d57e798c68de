import CKernels
import TensorCore

/// How the outputs of a convolution at stride 1 are cut into tiles of m×m.
///
/// A dilated convolution is d × d dense ones, each on every d-th row and column: a tile belongs to one of these
/// phases, and its pixels lie d apart.
struct WinogradTiling {
  let geometry: ConvolutionGeometry
  let transform: WinogradTransform
  /// Tiles along each axis of a phase; where phases differ, of the largest.
  private let rows: Int
  private let columns: Int

  init(_ geometry: ConvolutionGeometry, _ transform: WinogradTransform) {
    (self.geometry, self.transform) = (geometry, transform)
    func tiles(_ size: Int, _ dilation: Int) -> Int {
      let ofPhase = (size + dilation - 1) / dilation
      return (ofPhase + transform.outputs - 1) / transform.outputs
    }
    rows = tiles(geometry.output.height, geometry.dilation.height)
    columns = tiles(geometry.output.width, geometry.dilation.width)
  }

  /// Tiles in all, over images, phases, rows and columns.
  var count: Int { geometry.batch * geometry.dilation.height * geometry.dilation.width * rows * columns }

  /// Image, and row and column of the first output.
  private func place(_ tile: Int) -> (image: Int, row: Int, column: Int) {
    let (d, m) = (geometry.dilation, transform.outputs)
    let column = tile % columns
    let row = tile / columns % rows
    let phase = tile / (columns * rows) % (d.height * d.width)
    return (
      tile / (columns * rows * d.height * d.width), phase / d.width + row * m * d.height,
      phase % d.width + column * m * d.width
    )
  }

  /// The pixels that a tile reads from an activation of the input's size.
  func input(_ view: TensorView, _ tile: Int) -> WinogradPatch {
    let (image, row, column) = place(tile)
    return patch(
      view, image, row - geometry.padding.height, column - geometry.padding.width, transform.extent)
  }

  /// The rows of pixels that tiles of a row of them read; of tiles in several rows those of the first. `nil` where much
  /// lies between them that they do not read.
  func rows(_ view: TensorView, _ tiles: Range<Int>) -> WinogradRows? {
    guard !tiles.isEmpty, geometry.dilation == 1, view.pixelStride < 2 * view.channels else { return nil }
    let (image, row, column) = place(tiles.lowerBound)
    let count = min(tiles.count, columns - column / transform.outputs)
    let (top, left) = (row - geometry.padding.height, column - geometry.padding.width)
    let ofRows = max(0, top)..<max(0, top, min(view.shape.height, top + transform.extent))
    let right = left + count * transform.outputs + transform.taps - 1
    let ofColumns = max(0, left)..<max(0, left, min(view.shape.width, right))
    guard !ofRows.isEmpty, !ofColumns.isEmpty else { return nil }
    return WinogradRows(
      first: UnsafePointer(view.pixel(image, ofRows.lowerBound, ofColumns.lowerBound)), count: ofRows.count,
      step: view.shape.width * view.pixelStride, elements: ofColumns.count * view.pixelStride)
  }

  /// The pixels of a tile in an activation of the output's size.
  func output(_ view: TensorView, _ tile: Int) -> WinogradPatch {
    let (image, row, column) = place(tile)
    return patch(view, image, row, column, transform.outputs)
  }

  /// Where the largest values of a tile's windows of 2×2 go in an activation of half the output's size; only where the
  /// convolution is dense.
  func pooled(_ view: TensorView, _ tile: Int, alone: Bool) -> tsr_winograd_pooled {
    let (image, row, column) = place(tile)
    return tsr_winograd_pooled(
      y: view.pixel(image, row / 2, column / 2), row_step: view.shape.width * view.pixelStride,
      pixel_step: view.pixelStride, alone: alone ? 1 : 0)
  }

  private func patch(
    _ view: TensorView, _ image: Int, _ row: Int, _ column: Int, _ extent: Int
  ) -> WinogradPatch {
    let d = geometry.dilation
    func inside(_ first: Int, _ size: Int, _ step: Int) -> (Int, Int) {
      let low = first >= 0 ? 0 : (step - 1 - first) / step
      let high = size <= first ? 0 : min(extent, (size - first + step - 1) / step)
      return (low, high)
    }
    let (top, bottom) = inside(row, view.shape.height, d.height)
    let (left, right) = inside(column, view.shape.width, d.width)
    let grid = tsr_winograd_grid(
      row_step: d.height * view.shape.width * view.pixelStride, pixel_step: d.width * view.pixelStride,
      top: top, bottom: bottom, left: left, right: right)
    return WinogradPatch(pixel: view.pixel(image, row, column), grid: grid)
  }
}
