import Layers
import TensorCore

/// Draws pooling settings and shapes for a sweep: the output first, then an input that gives it.
struct PoolingCase {
  var kernel = Pair(1)
  var stride = Pair(1)
  var padding = Pair(0)
  var dilation = Pair(1)
  var input: Shape = []
  var output: Shape = []

  /// A random case; `nil` where the padding leaves no input.
  init?(_ stream: inout RandomStream, dilates: Bool) {
    func draw(_ range: ClosedRange<Int>) -> Int {
      range.lowerBound + stream.below(range.upperBound - range.lowerBound + 1)
    }
    kernel = Pair(draw(1...4), draw(1...4))
    stride = Pair(draw(1...4), draw(1...4))
    dilation = dilates ? Pair(draw(1...3), draw(1...3)) : 1
    let extent = Pair((kernel.height - 1) * dilation.height + 1, (kernel.width - 1) * dilation.width + 1)
    padding = Pair(draw(0...extent.height / 2), draw(0...extent.width / 2))
    output = [draw(1...2), draw(1...5), draw(1...5), draw(1...6)]
    let height = (output.height - 1) * stride.height + extent.height - 2 * padding.height
    let width = (output.width - 1) * stride.width + extent.width - 2 * padding.width
    if height < 1 || width < 1 { return nil }
    input = output.with(
      height: height + stream.below(stride.height), width: width + stream.below(stride.width))
  }

  /// The places in the image that the window of output (`y`, `x`) looks at, row by row.
  func places(_ y: Int, _ x: Int) -> [(y: Int, x: Int)] {
    var places: [(Int, Int)] = []
    for i in 0..<kernel.height {
      for j in 0..<kernel.width {
        let row = y * stride.height - padding.height + i * dilation.height
        let column = x * stride.width - padding.width + j * dilation.width
        if (0..<input.height).contains(row), (0..<input.width).contains(column) {
          places.append((row, column))
        }
      }
    }
    return places
  }
}
