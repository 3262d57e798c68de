import Datasets
import Foundation
import Testing

@Suite struct CocoTests {
  /// Opens annotations of one image of 4×3 pixels.
  private func open(
    _ annotations: String, folder: TemporaryFolder, size: String = "\"width\": 4, \"height\": 3",
    more: String = ""
  ) throws -> Dataset {
    try folder.image("pictures/a.png")
    try folder.text(
      "instances.json",
      """
      {"info": {"nested": [[], {}, null, true, -1.5e3, "\\u00e9\\n\\\\"]},
       "images": [{"id": 9, "file_name": "a.png", \(size)}\(more)],
       "annotations": [\(annotations)],
       "categories": [{"id": 18, "name": "dog"}, {"id": 1, "name": "cat"}, {"id": 2, "name": "bird"}]}
      """)
    try folder.text(
      "set.yaml",
      """
      {name: set, format: coco, classes: [nothing, cat, dog],
      splits: {all: {images: pictures, annotations: instances.json}}}
      """)
    return try Dataset(try folder.description(), split: "all")
  }

  private func annotation(_ id: Int, _ category: Int, _ segmentation: String, _ rest: String = "") -> String {
    "{\"id\": \(id), \"image_id\": 9, \"category_id\": \(category), \"segmentation\": \(segmentation)\(rest)}"
  }

  @Test func objectsFromTheLargest() throws {
    let folder = try TemporaryFolder()
    let dataset = try open(
      [
        // The small dog lies before the cat, whatever their order; birds are no class here.
        annotation(1, 18, "[[1, 1, 2, 1, 2, 2, 1, 2]]"),
        annotation(2, 1, "[[0, 0, 3, 0, 3, 2, 0, 2]]"),
        annotation(3, 2, "[[0, 0, 4, 0, 4, 3, 0, 3]]"),
        // A crowd is ignored where no object lies over it. Runs go down the columns.
        annotation(4, 1, "{\"size\": [3, 4], \"counts\": [5, 7]}", ", \"iscrowd\": 1"),
      ].joined(separator: ","), folder: folder)
    #expect(dataset.count == 1 && dataset.name(at: 0) == "pictures/a.png" && dataset.paths(at: 0) == nil)
    #expect(
      try dataset.sample(at: 0).labels == [
        1, 1, 1, 255,
        1, 2, 1, 255,
        0, 255, 255, 255,
      ])
    #expect(!(try folder.check().hasErrors))
  }

  @Test func runsAndOutlinesAsPycocotools() throws {
    struct Case: Decodable {
      let size: [Int]
      let compressed: String
      let counts: [Int]
      let polygons: [[Double]]?
    }
    let url = (Bundle.module.resourceURL ?? Bundle.module.bundleURL).appendingPathComponent(
      "Golden/coco.json")
    let cases = try JSONDecoder().decode([Case].self, from: try Data(contentsOf: url))
    #expect(cases.count == 26)
    for entry in cases {
      let (height, width) = (entry.size[0], entry.size[1])
      let folder = try TemporaryFolder()
      var expected = [UInt8](repeating: 0, count: height * width)
      var place = 0
      for (index, count) in entry.counts.enumerated() {
        for pixel in place..<place + count where index % 2 == 1 {
          expected[pixel % height * width + pixel / height] = 1
        }
        place += count
      }
      func labels(_ segmentation: String) throws -> [UInt8] {
        try folder.image("pictures/a.png", width: width, height: height)
        let dataset = try open(
          annotation(1, 1, segmentation), folder: folder, size: "\"width\": \(width), \"height\": \(height)")
        try folder.image("pictures/a.png", width: width, height: height)
        return try dataset.sample(at: 0).labels
      }
      let text = entry.compressed.replacing("\\", with: "\\\\")
      #expect(try labels("{\"size\": \(entry.size), \"counts\": \"\(text)\"}") == expected)
      #expect(try labels("{\"size\": \(entry.size), \"counts\": \(entry.counts)}") == expected)
      guard let polygons = entry.polygons else { continue }
      let drawn = try labels("\(polygons)")
      // pycocotools rounds outlines to a grid of fifths; pixels beside an outline may differ.
      let edge = expected.indices.count { index in
        [1, width].contains { index + $0 < expected.count && expected[index] != expected[index + $0] }
      }
      #expect(expected.indices.count { drawn[$0] != expected[$0] } <= edge / 2)
    }
  }

  @Test func problems() throws {
    let folder = try TemporaryFolder()
    let place = "in annotation 7 of pictures/a.png"
    let cases = [
      ("[[1, 1, 2, 2]]", "instances.json: expected outlines of three points or more \(place), found another"),
      ("null", "instances.json: expected outlines or runs under 'segmentation' \(place), found neither"),
      (
        "{\"size\": [3, 4], \"counts\": [5, 8]}",
        "instances.json: expected runs of 12 pixels together \(place), found others"
      ),
      (
        "{\"size\": [3, 4], \"counts\": [13, -1]}",
        "instances.json: expected runs of 12 pixels together \(place), found others"
      ),
      (
        "{\"size\": [3, 4], \"counts\": [9223372036854775807, 9]}",
        "instances.json: expected a whole number at byte 163, found something else"
      ),
      (
        "{\"size\": [3, 4], \"counts\": \"~\"}",
        "instances.json: expected outlines or runs under 'segmentation' \(place), found neither"
      ),
      (
        "{\"size\": [4, 3], \"counts\": [12]}",
        "instances.json: expected runs of 4x3 as the image \(place), found 3x4"
      ),
    ]
    for (segmentation, text) in cases {
      let found = message { try open(annotation(7, 1, segmentation), folder: folder) }
      if segmentation.contains("9223372036854775807") {
        #expect(found.hasPrefix("instances.json: expected a whole number at byte "))
      } else {
        #expect(found == "\(text); export the annotations again")
      }
    }
    #expect(
      message { try open(annotation(7, 3, "[]"), folder: folder) }
        == "instances.json: expected a category of the file \(place), found 3; export the annotations again")
    #expect(
      message {
        try open(
          "", folder: folder, more: ", {\"id\": 2, \"file_name\": \"b.png\", \"width\": 1, \"height\": 1}")
      }
        == "pictures/b.png: expected a file, as instances.json names it, found none; add it or correct 'images'"
    )
    // The same picture twice, by its id and by its name.
    for (more, found) in [
      (
        "{\"id\": 9, \"file_name\": \"c.png\", \"width\": 4, \"height\": 3}",
        "each 'id' once in images, found 9 twice"
      ),
      (
        "{\"id\": 2, \"file_name\": \"a.png\", \"width\": 4, \"height\": 3}",
        "each image once in images, found 'a.png' twice"
      ),
    ] {
      #expect(
        message { try open("", folder: folder, more: ", \(more)") }
          == "instances.json: expected \(found); export the annotations again")
    }
    #expect(
      message {
        try open(
          annotation(7, 1, "[[0, 0, 2, 0, 2, 2]]").replacing("\"image_id\": 9", with: "\"image_id\": 8"),
          folder: folder)
      }
        == "instances.json: expected the 'id' of an image under 'image_id' in annotation 7, found 8; export the "
        + "annotations again")
    #expect(
      message { try open("", folder: folder, size: "\"width\": 0, \"height\": 3") }
        == "instances.json: expected 'id', 'file_name', 'width' and 'height' of each in images, found 'a.png' of 0x3; "
        + "export the annotations again")
    let other = try open("", folder: folder, size: "\"width\": 40, \"height\": 3")
    #expect(
      message { try other.sample(at: 0) }
        == "instances.json (pictures/a.png): expected a mask of 4x3 as its image, found 40x3; "
        + "export it at the size of pictures/a.png")
  }

  @Test(arguments: [
    ("", 0, "'{'"), ("[1]", 0, "'{'"), ("{\"images\": 3}", 11, "'['"),
    ("{\"a\": nul}", 6, "true, false or null"),
    ("{\"a\": 1 2}", 8, "','"), ("{\"a\": \"b", 8, "'\"'"),
    ("{\"a\": \"\\x\"}", 9, "an escape that JSON knows"),
    ("{} {}", 3, "the end"), ("{\"a\": 1e999}", 6, "a number"), ("{\"a\": }", 6, "a value"),
    ("{\"a\": " + String(repeating: "[", count: 100), 70, "at most 64 values in each other"),
  ])
  func notJSON(text: String, byte: Int, expected: String) throws {
    let folder = try TemporaryFolder()
    _ = try open("", folder: folder)
    try folder.text("instances.json", text)
    #expect(
      message { try Dataset(try folder.description(), split: "all") }
        == "instances.json: expected \(expected) at byte \(byte), found something else; export the annotations again"
    )
  }
}
