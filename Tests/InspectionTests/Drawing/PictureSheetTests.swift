import Foundation
import Images
import Inspection
import TensorCore
import Testing

@Suite struct PictureSheetTests {
  private let tile = Raster.solid(Color(red: 10, green: 200, blue: 30), width: 20, height: 10)

  private var sheet: PictureSheet {
    PictureSheet(
      title: "a <title>", notes: ["note & more"],
      sections: [
        .init(
          "one", [.init("first", tile), .init("second", tile), .init("", tile)],
          scale: ColorScale(.viridis, lowest: 0, highest: 2, meaning: "numbers"), columns: 2)
      ])
  }

  @Test func aPictureHoldsEveryTileAtItsSize() throws {
    let picture = sheet.picture()
    guard case .eight(let rgb) = picture.samples else { throw CancellationError() }
    let green = (0..<picture.width * picture.height).count {
      Array(rgb[3 * $0..<3 * $0 + 3]) == [10, 200, 30]
    }
    #expect(green == 3 * 200)
    // Every colour of the scale's ends is there.
    for end in [ColorMap.viridis.color(at: 0), ColorMap.viridis.color(at: 1)] {
      #expect(
        (0..<rgb.count / 3).contains { Array(rgb[3 * $0..<3 * $0 + 3]) == [end.red, end.green, end.blue] })
    }
    #expect(try PictureWriter.png(picture) == sheet.bytes(for: "x.PNG"))
  }

  @Test func aPageHoldsEverything() throws {
    let page = String(decoding: try sheet.bytes(for: "x.html"), as: UTF8.self)
    #expect(page.contains("<h1>a &lt;title&gt;</h1><p>note &amp; more</p>"))
    #expect(page.components(separatedBy: "data:image/png;base64,").count == 5)
    #expect(page.contains("<img width=\"20\" height=\"10\" alt=\"first\""))
    #expect(page.contains("<figcaption>second</figcaption>"))
    #expect(page.contains("<span>0</span><span>1</span><span>2</span>"))
    #expect(!page.contains("http"))
  }

  /// Keys stand in lines below the tiles, their colours and all.
  @Test func keys() throws {
    let keys = (0..<40).map { PictureSheet.Key(Color(red: 1, green: 2, blue: UInt8($0)), "class \($0)") }
    let sheet = PictureSheet(title: "t", sections: [.init("", [.init("", tile)], keys: keys)])
    let picture = sheet.picture()
    #expect((picture.width, picture.height) == sheet.size && picture.width < 1300)
    guard case .eight(let rgb) = picture.samples else { throw CancellationError() }
    for key in keys {
      let found = (0..<rgb.count / 3).count {
        rgb[3 * $0] == 1 && rgb[3 * $0 + 1] == 2 && rgb[3 * $0 + 2] == key.color.blue
      }
      #expect(found == 12 * 12)
    }
    let page = String(decoding: try sheet.bytes(for: "x.html"), as: UTF8.self)
    #expect(page.contains("<span class=\"key\" style=\"background:rgb(1,2,39)\"></span>class 39"))
  }

  @Test(arguments: ["x", "x.svg", ".htm", ""]) func otherEndings(path: String) {
    let error = #expect(throws: InspectionError.self) { try PictureSheet.check(path: path) }
    #expect(
      error?.description
        == "\(path): expected a name that ends in .png or .html, found another; rename the output")
  }

  @Test func nothingToDraw() throws {
    let empty = PictureSheet(title: "", sections: [.init("", [])])
    #expect(empty.picture().width > 0)
    #expect(try !empty.bytes(for: "x.html").isEmpty)
  }

  @Test func maps() {
    let map = ValueMap(rows: 2, columns: 2, values: [0, 1, 2, .nan])
    #expect(map.range == (0, 2) && map.peak == (1, 0))
    #expect(ValueMap(rows: 1, columns: 2, values: [.nan, .nan]).range == (0, 0))
    // Bilinear between the middles of pixels, as PyTorch's interpolate(align_corners=False): a row 0, 4 at six pixels.
    let row = ValueMap(rows: 1, columns: 2, values: [0, 4]).resampled(rows: 1, columns: 6)
    for (found, expected) in zip(row.values, [0, 0, 4.0 / 3, 8.0 / 3, 4, 4]) {
      #expect(abs(Double(found) - expected) < 1e-5)
    }
  }

  @Test func anOverlayKeepsTheSizeOfItsPicture() throws {
    let map = ValueMap(rows: 10, columns: 20, values: [Float](repeating: 1, count: 200))
    let scale = ColorScale(.inferno, lowest: 0, highest: 1, meaning: "")
    let picture = map.overlay(on: tile, scale, opacity: 1)
    guard case .eight(let rgb) = picture.samples else { throw CancellationError() }
    let top = ColorMap.inferno.color(at: 1)
    #expect(picture.width == 20 && picture.height == 10)
    #expect(Array(rgb.prefix(3)) == [top.red, top.green, top.blue])
  }
}
