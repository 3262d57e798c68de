import Images
import Testing

@Suite struct PictureCanvasTests {
  private let black = Color(red: 0, green: 0, blue: 0)
  private let white = Color(red: 255, green: 255, blue: 255)

  /// The red channel as rows of digits.
  private func rows(_ canvas: PictureCanvas) -> [String] {
    guard case .eight(let samples) = canvas.picture.samples else { return [] }
    return (0..<canvas.height).map { y in
      (0..<canvas.width).map { samples[3 * (y * canvas.width + $0)] == 255 ? "#" : "." }.joined()
    }
  }

  @Test func letters() {
    var canvas = PictureCanvas(width: 12, height: 7, background: black)
    canvas.write("A1", x: 0, y: 0, white)
    #expect(
      rows(canvas) == [
        ".###....#...", "#...#..##...", "#...#...#...", "#####...#...", "#...#...#...", "#...#...#...",
        "#...#..###..",
      ])
    var small = PictureCanvas(width: 12, height: 7, background: black)
    small.write("b%", x: 0, y: 0, white)
    #expect(
      rows(small) == [
        "#.....##....", "#.....##..#.", "####.....#..", "#...#...#...", "#...#..#....", "#...#.#..##.",
        "####.....##.",
      ])
    #expect(PictureCanvas.textSize(2, scale: 3) == (36, 21))
  }

  @Test func whatLiesOutsideIsLeftOut() {
    var canvas = PictureCanvas(width: 3, height: 2, background: black)
    canvas.fill(x: -5, y: -5, width: 6, height: 6, white)
    canvas.fill(x: 9, y: 9, width: 2, height: 2, white)
    canvas.fill(x: -9, y: -9, width: 2, height: 2, white)
    #expect(rows(canvas) == ["#..", "..."])
    let dot = Raster(width: 2, height: 2, channels: 1, samples: .eight([255, 0, 0, 255]))
    canvas.draw(dot, x: 2, y: 1)
    canvas.draw(dot, x: -1, y: 0)
    #expect(rows(canvas) == ["...", "#.#"])
    canvas.write("\u{1F600}é", x: -3, y: -3, scale: 2, white)
  }
}
