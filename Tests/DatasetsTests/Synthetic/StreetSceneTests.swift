import Datasets
import Images
import Testing

@Suite struct StreetSceneTests {
  private func bytes(_ raster: Raster) -> [UInt8] {
    guard case .eight(let samples) = raster.samples else { return [] }
    return samples
  }

  /// The 64-bit FNV-1a hash of a run of bytes.
  private func hash(_ bytes: [UInt8]) -> UInt64 {
    bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }

  @Test func classesAreCamVids() {
    #expect(
      StreetScene.classes == [
        "sky", "building", "pole", "road", "pavement", "tree", "sign", "fence", "car", "pedestrian",
        "bicyclist",
      ])
    #expect(StreetScene.colors.count == 11)
    #expect(StreetScene.colors[0] == (128, 128, 128) && StreetScene.colors[10] == (0, 128, 192))
  }

  @Test func sameSeedGivesSameBytes() {
    let first = StreetScene(seed: 5, index: 3).render(width: 97, height: 71)
    let second = StreetScene(seed: 5, index: 3).render(width: 97, height: 71)
    #expect(first.image == second.image)
    #expect(first.mask == second.mask)
  }

  @Test func bytesAreTheSameOnEveryPlatform() {
    let scene = StreetScene(seed: 2026, index: 1).render(width: 96, height: 72)
    #expect(hash(bytes(scene.image)) == 5_991_511_139_566_072_498)
    #expect(hash(scene.mask.labels) == 1_210_258_770_679_957_950)
  }

  @Test func seedAndIndexBothMatter() {
    let masks = [(1, 0), (1, 1), (2, 0), (1, -1)].map { seed, index in
      StreetScene(seed: UInt64(seed), index: index).render(width: 48, height: 36).mask.labels
    }
    #expect(Set(masks).count == masks.count)
  }

  @Test(arguments: [(1, 1), (32, 32), (33, 57), (1, 300), (300, 1), (7, 250), (640, 33)])
  func anySizeWorks(width: Int, height: Int) {
    for index in 0..<12 {
      let scene = StreetScene(seed: 9, index: index).render(width: width, height: height)
      #expect(scene.image.width == width && scene.image.height == height && scene.image.channels == 3)
      #expect(scene.mask.width == width && scene.mask.height == height)
      #expect(scene.mask.labels.allSatisfy { $0 <= 10 })
    }
  }

  @Test func largeSizeWorks() {
    let scene = StreetScene(seed: 4, index: 0).render(width: 1024, height: 512)
    #expect(Set(scene.mask.labels).isSubset(of: Set(0...10)))
  }

  @Test func classSharesAreLikeCamVids() {
    var counts = [Int](repeating: 0, count: 11)
    let scenes = 60
    for index in 0..<scenes {
      let mask = StreetScene(seed: 31, index: index).render(width: 160, height: 120).mask
      for label in mask.labels { counts[Int(label)] += 1 }
    }
    let bounds: [ClosedRange<Double>] = [
      0.11...0.25, 0.15...0.33, 0.006...0.03, 0.24...0.42, 0.025...0.09, 0.05...0.17, 0.006...0.03,
      0.006...0.035, 0.035...0.12, 0.003...0.02, 0.002...0.015,
    ]
    for (label, bound) in bounds.enumerated() {
      let share = Double(counts[label]) / Double(scenes * 160 * 120)
      #expect(bound.contains(share), "\(StreetScene.classes[label]): share \(share)")
    }
  }

  @Test func skyPixelsShowTheSkyAndOthersDoNot() {
    for index in 0..<6 {
      let scene = StreetScene(seed: 77, index: index)
      let painted = scene.render(width: 160, height: 120, stage: .painted)
      let sky = bytes(scene.render(width: 160, height: 120, stage: .sky).image)
      let image = bytes(painted.image)
      var alike = 0
      for (pixel, label) in painted.mask.labels.enumerated() {
        let same = (0..<3).allSatisfy { image[pixel * 3 + $0] == sky[pixel * 3 + $0] }
        if label == 0 { #expect(same) } else if same { alike += 1 }
      }
      #expect(alike < 60, "\(alike) pixels labelled as things show plain sky")
    }
  }

  @Test func finishingLeavesTheMaskAlone() {
    let scene = StreetScene(seed: 8, index: 2)
    let painted = scene.render(width: 120, height: 90, stage: .painted)
    let finished = scene.render(width: 120, height: 90, stage: .finished)
    #expect(painted.mask == finished.mask)
    #expect(painted.image != finished.image)
  }

  @Test func maskIsExactAtPixelCentres() {
    // The centre of a pixel is that of the middle one of the 3×3 that cover it in a picture three times as
    // large. Posts keep a least width in pixels and small things are left out: a few pixels may differ.
    for index in 0..<4 {
      let scene = StreetScene(seed: 12, index: index)
      let small = scene.render(width: 160, height: 120).mask
      let large = scene.render(width: 480, height: 360).mask
      var same = 0
      for y in 0..<120 {
        for x in 0..<160 where small[x, y] == large[3 * x + 1, 3 * y + 1] { same += 1 }
      }
      #expect(Double(same) / Double(160 * 120) > 0.96)
    }
  }
}
