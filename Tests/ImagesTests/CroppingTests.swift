import Images
import Testing

@Suite struct CroppingTests {
  @Test func thePartIsTaken() {
    let picture = Raster.pattern(7, 5, 3)
    let part = picture.cropped(x: 2, y: 1, width: 4, height: 3)
    let values = picture.values
    let expected = (1..<4).flatMap { (y: Int) -> [Int] in Array(values[(y * 7 + 2) * 3..<(y * 7 + 6) * 3]) }
    #expect(part.width == 4 && part.height == 3 && part.values == expected)
    #expect(picture.cropped(x: 0, y: 0, width: 7, height: 5) == picture)
    let mask = Mask(width: 3, height: 2, labels: [1, 2, 3, 4, 5, 6])
    #expect(mask.cropped(x: 1, y: 0, width: 2, height: 2).labels == [2, 3, 5, 6])
    #expect(mask.cropped(x: 3, y: 2, width: 0, height: 0).labels.isEmpty)
  }
}
