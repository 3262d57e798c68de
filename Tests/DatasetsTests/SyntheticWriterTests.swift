import Augmentation
import Datasets
import Foundation
import Testing

@Suite struct SyntheticWriterTests {
  private func files(_ folder: TemporaryFolder) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
      files[name] = FileManager.default.contents(atPath: "\(folder.path)/\(name)")
    }
    return files
  }

  @Test func writesADatasetThatReadsBack() throws {
    let folder = try TemporaryFolder()
    var seen: [Int] = []
    try SyntheticWriter(scene: "streets", width: 64, height: 48, seed: 9)
      .write(count: 6, to: folder.path) { seen.append($0) }
    #expect(seen == [1, 2, 3, 4, 5, 6])
    let description = try DatasetDescription.read("\(folder.path)/dataset.yaml")
    #expect(description.splits == ["all", "train", "val"])
    #expect(description.colors == SceneKind.streets.colors)
    let all = try Dataset(description, split: "all")
    #expect(all.count == 6)
    #expect(try Dataset(description, split: "train").count == 5)
    #expect(try Dataset(description, split: "val").name(at: 0) == "images/00004.png")
    let drawn = try Dataset(
      try DatasetDescription(
        ConfigurationNode.parse(
          "{name: s, scenes: streets, size: 48x64, splits: {all: {count: 6, seed: 9}}}", file: "s.yaml"),
        folder: ".", environment: [:]), split: "all")
    for index in 0..<6 { #expect(try all.sample(at: index) == drawn.sample(at: index)) }
  }

  @Test func sameSeedSameBytes() throws {
    let (one, two, other) = (try TemporaryFolder(), try TemporaryFolder(), try TemporaryFolder())
    for (folder, seed) in [(one, 1), (two, 1), (other, 2)] as [(TemporaryFolder, UInt64)] {
      try SyntheticWriter(scene: "streets", width: 40, height: 32, seed: seed).write(
        count: 2, to: folder.path)
    }
    #expect(try files(one).count == 5)
    #expect(try files(one) == files(two))
    #expect(try files(one) != files(other))
  }

  @Test func refusesByName() throws {
    #expect(
      message { try SyntheticWriter(scene: "forests", width: 64, height: 64, seed: 1) }
        == "scenes: expected one of streets, found 'forests'")
    #expect(
      message { try SyntheticWriter(scene: "streets", width: 8, height: 64, seed: 1) }
        == "width: expected a whole number in 16…4096, found 8")
    let folder = try TemporaryFolder()
    let writer = try SyntheticWriter(scene: "streets", width: 32, height: 32, seed: 1)
    #expect(
      message { try writer.write(count: 0, to: folder.path) }
        == "count: expected a whole number in 1…100000, found 0")
    try writer.write(count: 1, to: folder.path)
    #expect(
      message { try writer.write(count: 1, to: folder.path) }
        == "\(folder.path)/images: expected an empty folder to write scenes to, found pictures; "
        + "choose another with --output")
  }
}
