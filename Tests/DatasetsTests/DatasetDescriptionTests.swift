import Datasets
import Images
import Testing

@Suite struct DatasetDescriptionTests {
  private func read(_ text: String, environment: [String: String] = [:]) throws -> DatasetDescription {
    try DatasetDescription(
      ConfigurationNode.parse(text, file: "set.yaml"), folder: "/here", environment: environment)
  }

  @Test func readsEveryKey() throws {
    let description = try read(
      """
      name: tiny
      licence: CC0
      classes: [a, b]
      colors: [[1, 2, 3], [255, 0, 9]]
      ignore: 254
      labels: {7: ignore, 9: 1}
      root: [$DATA/x, "${DATA}y", ../z, /w, $UNSET/v]
      splits:
        train: {images: i, masks: m, suffix: _mask, except: [1, two]}
        val: {images: i, masks: m, only: [1]}
      """, environment: ["DATA": "/data"])
    #expect(description.name == "tiny")
    #expect(description.licence == "CC0")
    #expect(description.classes == ["a", "b"])
    #expect(description.colors == [Color(red: 1, green: 2, blue: 3), Color(red: 255, green: 0, blue: 9)])
    #expect(description.splits == ["train", "val"])
    guard case .files(let files) = description.content else {
      Issue.record("expected files")
      return
    }
    #expect(files.roots == ["/data/x", "/datay", "/here/../z", "/w"])
    #expect(files.labels == LabelRules(classes: 2, ignore: 254, map: [7: .ignored, 9: .label(1)]))
    #expect(files.splits[0].suffix == "_mask")
    #expect(files.splits[0].except == ["1", "two"])
    #expect(files.splits[0].only == nil)
    #expect(files.splits[1].only == ["1"])
  }

  @Test func standsForItselfWithoutRootAndColors() throws {
    let description = try read("{name: a, classes: [x, y], splits: {all: {images: i, masks: m}}}")
    #expect(description.colors == [Palette.voc[0], Palette.voc[1]])
    guard case .files(let files) = description.content else {
      Issue.record("expected files")
      return
    }
    #expect(files.roots == ["/here"])
  }

  @Test(arguments: [
    (
      "{name: a, clases: [x]}",
      "set.yaml: expected one of the keys name, licence, format, classes, colors, ignore, labels, root, splits, "
        + "found 'clases'; correct its spelling or remove it"
    ),
    (
      "{name: a, classes: [x], splits: {all: {images: i, mask: m}}}",
      "set.yaml: expected one of the keys images, masks, suffix, only, except, found 'splits.all.mask'; "
        + "correct its spelling or remove it"
    ),
    (
      "{name: a, scenes: streets, root: x}",
      "set.yaml: expected one of the keys name, licence, scenes, size, splits, found 'root'; "
        + "correct its spelling or remove it"
    ),
    (
      "{name: a, classes: [x], splits: {all: {images: i}}}",
      "set.yaml: expected 'splits.all.masks' (a folder), found no such key; add it"
    ),
    (
      "{name: a, splits: {}}",
      "set.yaml: expected 'classes' (a list of names), found no such key; add it"
    ),
    ("{name: a, classes: [], splits: {}}", "set.yaml: expected 1…255 names under 'classes', found 0"),
    (
      "{name: a, classes: [x, x], splits: {}}",
      "set.yaml: expected a name that no other class has under 'classes[1]', found 'x'"
    ),
    (
      "{name: a, classes: [x], colors: [[0, 0, 256]], splits: {}}",
      "set.yaml: expected a whole number in 0…255 under 'colors[0][2]', found '256'"
    ),
    (
      "{name: a, classes: [x, y], colors: [[0, 0, 0]], splits: {}}",
      "set.yaml: expected a colour for each of 2 classes under 'colors', found 1"
    ),
    (
      "{name: a, classes: [x], labels: {3: 1}, splits: {}}",
      "set.yaml: expected 'ignore' or the index of a class (0…0) under 'labels.3', found '1'"
    ),
    (
      "{name: a, classes: [x], labels: {70000: 0}, splits: {}}",
      "set.yaml: expected values of a mask (0…65535) or colours (\"#ff0000\") as keys under 'labels', found '70000'"
    ),
    (
      "{name: a, classes: [x], ignore: -1, splits: {}}",
      "set.yaml: expected a whole number in 0…65535 under 'ignore', found '-1'"
    ),
    (
      "{name: a, classes: [x], splits: {}}",
      "set.yaml: expected at least one split under 'splits', found a mapping"
    ),
    (
      "{name: a, scenes: forests, size: 64x64, splits: {}}",
      "set.yaml: expected one of streets under 'scenes', found 'forests'"
    ),
    (
      "{name: a, scenes: streets, size: 64x9999999999999999999, splits: {}}",
      "set.yaml: expected a size as HEIGHTxWIDTH, both in 16…4096, under 'size', "
        + "found '64x9999999999999999999'"
    ),
    ("[1, 2]", "set.yaml: expected a mapping under 'the top', found a list"),
    ("", "set.yaml: expected YAML, found: nothing"),
    ("{name: a, name: b}", "set.yaml:1: expected YAML, found: the key name twice"),
  ])
  func refusesByName(text: String, expected: String) {
    #expect(message { try read(text) } == expected)
  }

  @Test func refusesWhatIsNotYAML() throws {
    #expect(message { try read("name: [a") }.hasPrefix("set.yaml:"))
    #expect(message { try read(String(repeating: "[", count: 100_000)) }.hasPrefix("set.yaml:"))
    let folder = try TemporaryFolder()
    #expect(
      message { try DatasetDescription.read("\(folder.path)/none.yaml") }
        == "\(folder.path)/none.yaml: expected a file, found nothing; check the path")
  }

  @Test(arguments: ["camvid", "isbi2012", "nuclei", "streets"])
  func shippedDescriptionsAreSound(name: String) throws {
    let description = try DatasetDescription.read("\(descriptions)/\(name).yaml")
    #expect(description.name == name)
    #expect(description.splits == ["train", "val"])
    #expect(description.colors.count == description.classes.count)
    #expect(Set(description.colors).count == description.classes.count)
  }

  @Test func streetsHaveTheClassesOfCamVid() throws {
    let camvid = try DatasetDescription.read("\(descriptions)/camvid.yaml")
    let streets = try DatasetDescription.read("\(descriptions)/streets.yaml")
    #expect(camvid.classes == streets.classes)
    #expect(camvid.colors == streets.colors)
  }
}
