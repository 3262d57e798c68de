import Datasets
import Files
import Foundation
import Images
import TensorCore
import Testing

@Suite struct DatasetStatisticsTests {
  private func statistics(_ folder: TemporaryFolder, threads: Int = 2) throws -> DatasetStatistics {
    try DatasetStatistics(
      try Dataset(try folder.description(), split: "all"), pool: ThreadPool(threads: threads))
  }

  /// 12 pixels with classes 0 (8) and 1 (4); 6 pixels with classes 0 (3), 2 (1) and none (2).
  private func masks() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.image("images/a.png", value: 200)
    try folder.mask("masks/a.png", labels: [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1])
    try folder.image("images/b.png", width: 3, height: 2, value: 100)
    try folder.mask("masks/b.png", width: 3, height: 2, labels: [0, 0, 0, 2, 255, 255])
    try folder.text(
      "set.yaml",
      "{name: set, classes: [x, y, z, w], ignore: 255, splits: {all: {images: images, masks: masks}}}")
    return folder
  }

  @Test func counts() throws {
    let statistics = try statistics(try masks())
    #expect(statistics.images == 2 && statistics.ignored == 2 && statistics.total == 16)
    #expect(statistics.classes.map(\.samples) == [11, 4, 1, 0])
    #expect(statistics.classes.map(\.images) == [2, 1, 1, 0])
    #expect(statistics.classes.map(\.around) == [16, 12, 4, 0])
    #expect(statistics.shares == [0.6875, 0.25, 0.0625, 0])
    #expect(statistics.sizes.map(\.size.description) == ["3x2", "4x3"])
    // 11 pixels of 200 and one of 0, 5 of 100 and one of 0 in red; the others have no 0.
    let red = [Double](repeating: 200, count: 11) + [0] + [Double](repeating: 100, count: 5) + [0]
    let mean = red.reduce(0, +) / 18
    let deviation = (red.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 18).squareRoot()
    #expect(abs(statistics.mean[0] - mean / 255) < 1e-12)
    #expect(abs(statistics.deviation[0] - deviation / 255) < 1e-12)
    #expect(abs(statistics.mean[1] - 3000.0 / 18 / 255) < 1e-12)
    #expect(try self.statistics(try masks(), threads: 1) == statistics)
  }

  @Test func weights() throws {
    let statistics = try statistics(try masks())
    // Frequencies 11/16, 4/12 and 1/4, of which 1/3 is the median.
    let median = ClassWeighting.medianFrequency.weights(statistics)
    for (found, expected) in zip(median, [16.0 / 33, 1, 4.0 / 3, 0]) {
      #expect(abs(found - expected) < 1e-12)
    }
    let inverse = ClassWeighting.inverse.weights(statistics)
    let raw = [16.0 / 11, 4, 16]
    for (found, expected) in zip(inverse, raw.map { $0 * 3 / raw.reduce(0, +) } + [0]) {
      #expect(abs(found - expected) < 1e-12)
    }
    let effective = ClassWeighting.effectiveNumber.weights(statistics)
    let beta = 15.0 / 16
    let numbers = [11.0, 4, 1].map { (1 - beta) / (1 - pow(beta, $0)) }
    for (found, expected) in zip(effective, numbers.map { $0 * 3 / numbers.reduce(0, +) } + [0]) {
      #expect(abs(found - expected) < 1e-12)
    }
  }

  @Test func imagesWithAClassEach() throws {
    let folder = try TemporaryFolder()
    for name in ["cat/1", "cat/2", "cat/3", "dog/4"] { try folder.image("train/\(name).png") }
    try folder.text("set.yaml", "{name: set, format: folders, root: ., splits: {all: {images: train}}}")
    let statistics = try statistics(folder)
    #expect(statistics.truth == .label && statistics.classes.map(\.samples) == [3, 1])
    #expect(ClassWeighting.inverse.weights(statistics) == [0.5, 1.5])
    // Frequencies 3/4 and 1/4, of which 1/2 is the median.
    #expect(ClassWeighting.medianFrequency.weights(statistics) == [0.5 / 0.75, 2])
  }

  @Test func anUnreadableSampleIsNamed() throws {
    let folder = try masks()
    try folder.text("images/b.png", "no picture")
    #expect(
      message { try statistics(folder) }.hasPrefix("\(folder.path)/images/b.png: expected a PNG or JPEG"))
  }
}
