import Datasets
import Files
import Images
import Testing

@Suite struct LabelMapTests {
  /// A dataset of two samples with the given keys.
  private func folder(_ keys: String, _ write: (TemporaryFolder, String) throws -> Void) throws
    -> TemporaryFolder
  {
    let folder = try TemporaryFolder()
    for index in 0..<2 {
      try folder.picture("images/\(index).png", seed: UInt64(index))
      try write(folder, "masks/\(index).png")
    }
    try folder.text(
      "set.yaml",
      "# A set.\nname: set\n\(keys)\n# Its parts.\nsplits:\n  all: {images: images, masks: masks}\n")
    return folder
  }

  private static let three = "classes: [a, b, c]"

  @Test(
    arguments: [
      ("classes: [a, b]", [0, 255], 8, "labels: {255: 1}", true),
      ("classes: [a, b]\nignore: 255", [0, 255], 8, "labels: {255: 1}", true),
      ("classes: [a, b]", [0, 65535], 16, "labels: {65535: 1}", true),
      (three, [0, 1, 2, 255], 8, "labels: {255: ignore}", true),
      (three, [0, 255], 8, "labels: {255: ignore}", false),
      (three, [0, 127, 255], 8, "labels: {127: 1, 255: 2}", true),
      (three, [0, 257, 514], 16, "labels: {257: 1, 514: 2}", true),
      (three, [0, 3, 200], 8, "labels: {3: 1, 200: 2}", false),
      (three, [0, 1, 2, 12, 13], 8, "labels: {12: ignore, 13: ignore}", false),
    ] as [(String, [UInt16], Int, String, Bool)])
  func grays(keys: String, values: [UInt16], bits: Int, line: String, isCertain: Bool) throws {
    let folder = try folder(keys) { try $0.grays($1, values, bits: bits) }
    let report = try folder.check()
    #expect(report.hasErrors)
    let map = try #require(report.labelMap)
    #expect(map.line == line && map.isCertain == isCertain)
    try LabelMapWriter.write(map, to: "\(folder.path)/set.yaml")
    let mended = try folder.check()
    #expect(!mended.hasErrors && mended.labelMap == nil)
    let text = String(decoding: try WholeFile.read("\(folder.path)/set.yaml"), as: UTF8.self)
    #expect(
      text
        == "# A set.\nname: set\n\(keys)\n# Its parts.\n\(line)\nsplits:\n  all: {images: images, masks: masks}\n"
    )
  }

  @Test(
    arguments: [
      ("classes: [a, b]", [[0, 0, 0], [255, 255, 255]], "labels: {\"#000000\": 0, \"#ffffff\": 1}", true),
      (
        three, [[0, 0, 0], [1, 1, 1], [2, 2, 2]], "labels: {\"#000000\": 0, \"#010101\": 1, \"#020202\": 2}",
        true
      ),
      (three, [[0, 0, 0], [255, 255, 255]], "labels: {\"#000000\": 0, \"#ffffff\": ignore}", false),
      (
        three, [[0, 0, 0], [1, 1, 1], [255, 255, 255]],
        "labels: {\"#000000\": 0, \"#010101\": 1, \"#ffffff\": ignore}", true
      ),
      (
        three + "\ncolors: [[9, 8, 7], [1, 2, 3], [0, 0, 0]]", [[1, 2, 3], [9, 8, 7]],
        "labels: {\"#010203\": 1, \"#090807\": 0}", true
      ),
      (
        three, [[0, 0, 0], [128, 0, 0], [0, 128, 0]],
        "labels: {\"#000000\": 0, \"#008000\": 2, \"#800000\": 1}", true
      ),
      (
        three, [[5, 6, 7], [0, 0, 0], [0, 0, 9]], "labels: {\"#000000\": 0, \"#000009\": 1, \"#050607\": 2}",
        false
      ),
    ] as [(String, [[UInt8]], String, Bool)])
  func colors(keys: String, colors: [[UInt8]], line: String, isCertain: Bool) throws {
    let folder = try folder(keys) { try $0.colors($1, colors) }
    let report = try folder.check()
    #expect(report.findings(in: .formats).count == 2)
    let map = try #require(report.labelMap)
    #expect(map.line == line && map.isCertain == isCertain)
    try LabelMapWriter.write(map, to: "\(folder.path)/set.yaml")
    #expect(!(try folder.check().hasErrors))
    #expect(try Dataset(try folder.description(), split: "all").sample(at: 0).labels.count == 48)
  }

  @Test func palettesByTheirColors() throws {
    let folder = try folder("\(Self.three)\ncolors: [[0, 0, 0], [10, 20, 30], [40, 50, 60]]") {
      folder, name in
      let labels = (0..<48).map { UInt8([0, 5, 9][$0 % 3]) }
      var colors = [Color](repeating: Color(red: 0, green: 0, blue: 0), count: 10)
      colors[5] = Color(red: 40, green: 50, blue: 60)
      colors[9] = Color(red: 10, green: 20, blue: 30)
      try MaskWriter.write(
        Mask(width: 8, height: 6, labels: labels), palette: Palette(colors), to: "\(folder.path)/\(name)")
    }
    let map = try #require(try folder.check().labelMap)
    #expect(map.line == "labels: {5: 2, 9: 1}" && map.isCertain)
  }

  /// Lines that end as on Windows keep doing so.
  @Test(arguments: ["", "labels:\n  7: ignore\n"]) func linesOfWindows(old: String) throws {
    let folder = try folder(Self.three) { try $0.grays($1, [0, 1, 2, 9]) }
    let path = "\(folder.path)/set.yaml"
    func text() throws -> String { String(decoding: try WholeFile.read(path), as: UTF8.self) }
    let before = (old + (try text())).replacing("\n", with: "\r\n")
    try folder.text("set.yaml", before)
    try LabelMapWriter.write(try #require(try folder.check().labelMap), to: path)
    let line = old.isEmpty ? "labels: {9: ignore}\r\n" : "  9: ignore\r\n"
    #expect(try text().replacing(line, with: "") == before && text() != before)
    #expect(!(try folder.check().hasErrors))
  }

  @Test func addsToTheMapThatIsThere() throws {
    for (old, new) in [
      ("labels: {7: ignore}  # seven", "labels: {9: ignore, 7: ignore}  # seven"),
      ("labels: {}", "labels: {9: ignore}"),
      ("labels:\n    # Seven.\n    7: ignore", "labels:\n    9: ignore\n    # Seven.\n    7: ignore"),
    ] {
      let folder = try folder("\(Self.three)\n\(old)") { try $0.grays($1, [0, 1, 2, 9]) }
      let map = try #require(try folder.check().labelMap)
      try LabelMapWriter.write(map, to: "\(folder.path)/set.yaml")
      let text = String(decoding: try WholeFile.read("\(folder.path)/set.yaml"), as: UTF8.self)
      #expect(text.contains("\(Self.three)\n\(new)\n# Its parts."))
      #expect(!(try folder.check().hasErrors))
    }
  }

  @Test func onlyWhereItBelongs() throws {
    let folder = try folder(Self.three) { try $0.grays($1, [0, 1, 2, 255]) }
    let map = try #require(try folder.check().labelMap)
    try folder.text(
      "set.yaml", "{name: set, classes: [a, b, c], splits: {all: {images: images, masks: masks}}}")
    try LabelMapWriter.write(map, to: "\(folder.path)/set.yaml")
    #expect(!(try folder.check().hasErrors))
    let indented = "  name: set\n  classes: [a, b, c]\n  splits:\n    all: {images: images, masks: masks}\n"
    try folder.text("set.yaml", indented)
    #expect(
      message { try LabelMapWriter.write(map, to: "\(folder.path)/set.yaml") }
        == "set.yaml: expected 'labels:' or 'splits:' at the start of a line, found neither; "
        + "add 'labels: {255: ignore}' by hand")
    #expect(try WholeFile.read("\(folder.path)/set.yaml") == Array(indented.utf8))
  }
}
