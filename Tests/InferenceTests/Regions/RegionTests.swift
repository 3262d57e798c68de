import Foundation
import Images
import Inference
import TensorCore
import Testing

/// Masks and what scipy and pycocotools find in them; made by `Tools/Golden/regions.py`.
struct RegionCase: Decodable, CustomTestStringConvertible {
  struct Region: Decodable {
    let label: Int
    let area: Int
    let box: [Int]
  }

  let name: String
  let height: Int
  let width: Int
  let labels: String
  let regions: [Region]
  let counts: [String]
  let merged: [String: String]

  var testDescription: String { name }
  var mask: Mask { Mask(width: width, height: height, labels: Self.values(labels)) }

  static func values(_ text: String) -> [UInt8] { text.utf8.map { $0 - 48 } }

  static let all: [RegionCase] = {
    let url = (Bundle.module.resourceURL ?? Bundle.module.bundleURL).appendingPathComponent(
      "Golden/regions.json")
    return (try? JSONDecoder().decode([RegionCase].self, from: Data(contentsOf: url))) ?? []
  }()
}

/// What a prediction with that mask says of itself.
func description(_ mask: Mask, classes: Int = 4) -> PredictionDescription {
  let picture = Raster(
    width: mask.width, height: mask.height, channels: 1,
    samples: .eight([UInt8](repeating: 0, count: mask.labels.count)))
  return PredictionDescription(
    Prediction(
      mask: mask, source: picture, classes: (0..<classes).map { "c\($0)" }, palette: .voc), input: "a.png")
}

@Suite struct RegionTests {
  @Test func thereAreCases() { #expect(RegionCase.all.count == 7) }

  @Test(arguments: RegionCase.all) func regionsAsSciPyFindsThem(_ entry: RegionCase) {
    let found = description(entry.mask).classes
    for index in 0..<4 {
      let expected = entry.regions.filter { $0.label == index }
      #expect(found[index].regions.map(\.area) == expected.map(\.area))
      #expect(
        found[index].regions.map { [$0.box.x, $0.box.y, $0.box.width, $0.box.height] } == expected.map(\.box))
    }
  }

  @Test(arguments: RegionCase.all) func runLengthsAsCocoHasThem(_ entry: RegionCase) {
    #expect(description(entry.mask).classes.map(\.runLengths) == entry.counts)
  }

  @Test(arguments: RegionCase.all) func smallRegionsGo(_ entry: RegionCase) {
    for (area, expected) in entry.merged {
      var mask = entry.mask
      mask.mergeRegions(smallerThan: Int(area) ?? 0)
      #expect(mask.labels == RegionCase.values(expected), "area \(area)")
    }
  }

  @Test(arguments: [0, 1]) func everyRegionHasAPixel(area: Int) throws {
    let entry = try #require(RegionCase.all.first)
    var mask = entry.mask
    mask.mergeRegions(smallerThan: area)
    #expect(mask == entry.mask)
  }

  /// Polygons drawn again by the even-odd rule are the mask, and what they enclose is their area.
  @Test(arguments: RegionCase.all) func polygonsEncloseTheirPixels(_ entry: RegionCase) {
    let mask = entry.mask
    var drawn = [UInt8](repeating: 99, count: mask.labels.count)
    for shown in description(mask).classes {
      for region in shown.regions {
        let areas = region.polygon.map(Self.area)
        #expect(areas[0] > 0 && areas.dropFirst().allSatisfy { $0 < 0 })
        #expect(areas.reduce(0, +) == 2 * region.area)
        for y in 0..<mask.height {
          for x in 0..<mask.width where Self.isInside(x, y, region.polygon) {
            #expect(drawn[y * mask.width + x] == 99)
            drawn[y * mask.width + x] = UInt8(shown.share.index)
          }
        }
      }
    }
    #expect(drawn == mask.labels)
  }

  /// A ring of 3 × 3 pixels around one, and a pixel that touches it by a corner.
  @Test func cornersOfARingWithAHole() {
    let mask = Mask(
      width: 4, height: 4,
      labels: [
        1, 1, 1, 0,
        1, 0, 1, 0,
        1, 1, 1, 0,
        0, 0, 0, 1,
      ])
    let regions = description(mask).classes[1].regions
    func corners(_ ring: [RegionCorner]) -> [[Int]] { ring.map { [$0.x, $0.y] } }
    #expect(regions.map(\.area) == [8, 1])
    #expect(
      regions[0].polygon.map(corners) == [
        [[0, 0], [3, 0], [3, 3], [0, 3]], [[1, 2], [2, 2], [2, 1], [1, 1]],
      ])
    #expect(regions[1].polygon.map(corners) == [[[3, 3], [4, 3], [4, 4], [3, 4]]])
  }

  @Test func labelsOfNoClassAreNotTold() {
    let found = description(Mask(width: 3, height: 1, labels: [255, 1, 255]), classes: 2).classes
    #expect(found.map(\.regions.count) == [0, 1])
    #expect(found.map(\.share.pixels) == [0, 1])
  }

  /// Twice the signed area inside a ring, positive when it goes clockwise as seen on a screen.
  private static func area(_ ring: [RegionCorner]) -> Int {
    ring.indices.reduce(0) { sum, index in
      let (a, b) = (ring[index], ring[(index + 1) % ring.count])
      return sum + a.x * b.y - b.x * a.y
    }
  }

  /// Whether the middle of a pixel has an odd number of vertical sides to its left.
  private static func isInside(_ x: Int, _ y: Int, _ rings: [[RegionCorner]]) -> Bool {
    var crossings = 0
    for ring in rings {
      for index in ring.indices {
        let (a, b) = (ring[index], ring[(index + 1) % ring.count])
        if a.x == b.x, a.x <= x, (min(a.y, b.y)..<max(a.y, b.y)).contains(y) { crossings += 1 }
      }
    }
    return crossings % 2 == 1
  }
}
