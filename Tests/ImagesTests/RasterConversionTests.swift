import Images
import Testing

@Suite struct RasterConversionTests {
  @Test func sixteenBitsRoundToEight() {
    let all = (0...65535).map { UInt16($0) }
    let picture = Raster(width: 256, height: 256, channels: 1, samples: .sixteen(all))
    let expected = all.map { Int((Double($0) * 255 / 65535).rounded()) }
    #expect(picture.eightBit().values == expected)
    #expect(picture.rgb8().values == expected.flatMap { [$0, $0, $0] })
  }

  @Test func grayGoesToAllChannels() {
    let gray = Raster(width: 2, height: 1, channels: 1, samples: .eight([7, 200]))
    #expect(
      gray.rgb8() == Raster(width: 2, height: 1, channels: 3, samples: .eight([7, 7, 7, 200, 200, 200])))
    let rgb = Raster.pattern(3, 3, 3)
    #expect(rgb.rgb8() == rgb && rgb.eightBit() == rgb)
  }

  @Test func alphaIsCompositedOverWhite() {
    for color in 0...255 {
      for alpha in stride(from: 0, through: 255, by: 5) {
        let picture = Raster(
          width: 1, height: 1, channels: 2, samples: .eight([UInt8(color), UInt8(alpha)]))
        let expected = Int((Double(color * alpha + 255 * (255 - alpha)) / 255).rounded())
        #expect(picture.rgb8().values == [expected, expected, expected])
      }
    }
    let wide = Raster(width: 1, height: 1, channels: 4, samples: .sixteen([0, 65535, 32768, 32768]))
    #expect(wide.rgb8().values == [127, 255, 191])
  }
}
