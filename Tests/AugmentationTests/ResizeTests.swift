import Augmentation
import Images
import Testing

@Suite struct ResizeTests {
  @Test func doublesARow() {
    let result = apply(Resize(width: 4, height: 1), graySample(width: 2, height: 1, [0, 100]))
    #expect(red(result) == [0, 25, 75, 100])
  }

  @Test func halvesARow() {
    let result = apply(Resize(width: 2, height: 1), graySample(width: 4, height: 1, [0, 10, 20, 31]))
    #expect(red(result) == [5, 26])
  }

  @Test func labelsAreThoseOfTheMask() {
    let sample = countingSample(width: 2, height: 2)
    #expect(
      apply(Resize(width: 4, height: 4), sample).labels == [
        0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3, 2, 2, 3, 3,
      ])
    #expect(apply(Resize(width: 1, height: 1), sample).labels == [3])
  }

  /// Labels 0 and 200 side by side: an interpolated mask would hold something between them.
  @Test(arguments: [(7, 5), (3, 11), (1, 1), (64, 33)])
  func noLabelIsInvented(width: Int, height: Int) {
    let labels: [UInt8] = (0..<35).map { $0 % 2 == 0 ? 0 : 200 }
    let sample = Sample(
      image: Raster(width: 5, height: 7, channels: 3, samples: .eight([UInt8](repeating: 9, count: 105))),
      mask: Mask(width: 5, height: 7, labels: labels))
    let result = apply(Resize(width: width, height: height), sample)
    #expect(Set(result.labels).isSubset(of: [0, 200]))
    #expect(red(result).allSatisfy { $0 == 9 })
  }

  /// Against the definition in `Double`: pixel centres at half numbers, clamped at the border.
  @Test(arguments: [(5, 4, 9, 7), (5, 5, 3, 2), (3, 8, 8, 3), (1, 6, 4, 1)])
  func agreesWithTheDefinition(width: Int, height: Int, newWidth: Int, newHeight: Int) {
    let values = (0..<width * height).map { UInt8(($0 * 73 + 11) % 256) }
    let result = red(
      apply(Resize(width: newWidth, height: newHeight), graySample(width: width, height: height, values)))
    func place(_ index: Int, _ old: Int, _ new: Int) -> (Int, Int, Double) {
      let at = min(max((Double(index) + 0.5) * Double(old) / Double(new) - 0.5, 0), Double(old - 1))
      return (Int(at), min(Int(at) + 1, old - 1), at - at.rounded(.down))
    }
    for y in 0..<newHeight {
      for x in 0..<newWidth {
        let (x0, x1, u) = place(x, width, newWidth)
        let (y0, y1, v) = place(y, height, newHeight)
        let value = { (x: Int, y: Int) in Double(values[y * width + x]) }
        let expected =
          (value(x0, y0) * (1 - u) + value(x1, y0) * u) * (1 - v)
          + (value(x0, y1) * (1 - u) + value(x1, y1) * u) * v
        #expect(abs(Double(result[y * newWidth + x]) - expected) <= 0.75)
      }
    }
  }
}
