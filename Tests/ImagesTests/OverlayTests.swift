import Images
import Testing

@Suite struct OverlayTests {
  private let palette = Palette([Color(red: 0, green: 0, blue: 0), Color(red: 200, green: 100, blue: 50)])

  @Test func colorsAreMixedByOpacity() {
    let picture = Raster(width: 2, height: 1, channels: 1, samples: .eight([100, 200]))
    let mask = Mask(width: 2, height: 1, labels: [0, 1])
    #expect(Overlay.blend(picture, mask, palette: palette, opacity: 0) == picture.rgb8())
    #expect(Overlay.blend(picture, mask, palette: palette, opacity: 7) == mask.colored(palette))
    #expect(
      Overlay.blend(picture, mask, palette: palette, opacity: 0.4).values == [60, 60, 60, 200, 160, 140])
  }

  @Test func unnamedLabelsGetColorsToo() {
    let mask = Mask(width: 2, height: 1, labels: [1, 255])
    #expect(mask.colored(palette).values == [200, 100, 50, 224, 224, 192])
  }

  @Test func theDefaultPaletteIsThatOfPascalVOC() {
    let colors = Palette.voc.colors
    #expect(colors.count == 256 && Set(colors).count == 256)
    let expected: [(Int, [UInt8])] = [
      (0, [0, 0, 0]), (1, [128, 0, 0]), (2, [0, 128, 0]), (3, [128, 128, 0]), (4, [0, 0, 128]),
      (8, [64, 0, 0]), (15, [192, 128, 128]), (20, [0, 64, 128]), (255, [224, 224, 192]),
    ]
    for (label, color) in expected {
      #expect([colors[label].red, colors[label].green, colors[label].blue] == color, "\(label)")
    }
  }
}
