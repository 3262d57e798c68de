import Images
import Testing

@Suite struct LegendTests {
  private let red = Color(red: 250, green: 10, blue: 20)

  private func entries(_ names: [String]) -> [Legend.Entry] {
    names.map { Legend.Entry(name: $0, color: red) }
  }

  @Test func asWideAsThePicture() {
    let legend = Legend(entries(["sky", "road"]), width: 200, height: 100).picture
    #expect(legend.width == 200 && legend.height == 9 + 2 * 4 && legend.channels == 3)
    // The swatch inside its edge, the paper outside.
    #expect(legend.cropped(x: 5, y: 5, width: 1, height: 1).values == [250, 10, 20])
    #expect(legend.cropped(x: 4, y: 4, width: 1, height: 1).values == [150, 150, 150])
    #expect(legend.cropped(x: 3, y: 3, width: 1, height: 1).values == [255, 255, 255])
  }

  @Test func widerForALongName() {
    // A swatch of 9, a gap of 4, seven letters of 6, and 4 on either side.
    let legend = Legend(entries(["bicycle", "car"]), width: 10, height: 10).picture
    #expect(legend.width == 9 + 4 + 7 * 6 + 8)
    #expect(legend.height == 4 + 2 * (9 + 4))
    let endless = Legend(entries([String(repeating: "x", count: 100_000)]), width: 10, height: 10).picture
    #expect(endless.width == 9 + 4 + 40 * 6 + 8)
  }

  @Test func growsWithThePicture() {
    let legend = Legend(entries(["sky"]), width: 1000, height: 541).picture
    #expect(legend.width == 1000 && legend.height == 3 * 17)
  }

  @Test func nothingToTell() { #expect(Legend([], width: 7, height: 5).picture.height == 0) }
}
