import Images
import Testing

@Suite struct FittingTests {
  private func gray(_ width: Int, _ height: Int, _ samples: [UInt8]) -> Raster {
    Raster(width: width, height: height, channels: 1, samples: .eight(samples))
  }

  @Test func paddingIsBlack() {
    let picture = gray(2, 1, [7, 9])
    #expect(picture.padded(width: 2, height: 1) == picture)
    #expect(picture.padded(width: 5, height: 2) == gray(5, 2, [0, 7, 9, 0, 0, 0, 0, 0, 0, 0]))
    #expect(picture.padded(width: 2, height: 4) == gray(2, 4, [0, 0, 7, 9, 0, 0, 0, 0]))
    let deep = Raster(width: 1, height: 1, channels: 2, samples: .sixteen([300, 65535]))
    #expect(
      deep.padded(width: 1, height: 3)
        == Raster(width: 1, height: 3, channels: 2, samples: .sixteen([0, 0, 300, 65535, 0, 0])))
  }

  @Test(arguments: [(100, 1), (1, 100), (9, 5), (5, 9), (64, 64), (3, 2)])
  func whatIsLargerShrinks(width: Int, height: Int) {
    let picture = gray(width, height, [UInt8](repeating: 200, count: width * height))
    let padded = picture.padded(width: 6, height: 4)
    #expect(padded.width == 6 && padded.height == 4)
    guard case .eight(let samples) = padded.samples else { return }
    #expect(Set(samples).isSubset(of: [0, 200]) && samples.contains(200))
  }
}
