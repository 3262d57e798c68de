import Datasets
import Images
import Testing

@Suite struct KnownFormatsTests {
  @Test func voc() throws {
    let folder = try TemporaryFolder()
    for name in ["2007_1", "2007_2"] { try folder.image("JPEGImages/\(name).png") }
    try folder.mask("SegmentationClass/2007_1.png", labels: [0, 15, 20, 255, 0, 0, 0, 0, 0, 0, 0, 0])
    try folder.text("ImageSets/Segmentation/train.txt", "2007_1\n")
    try folder.text("ImageSets/Segmentation/val.txt", "2007_1\n2007_2\n2007_3\n")
    try folder.text(
      "set.yaml",
      """
      name: voc
      format: voc
      splits:
        train: {list: ImageSets/Segmentation/train.txt}
        val: {list: ImageSets/Segmentation/val.txt}
      """)
    let train = try Dataset(try folder.description(), split: "train")
    #expect(train.classes.count == 21 && train.classes[15] == "person" && train.count == 1)
    #expect(try train.sample(at: 0).labels == [0, 15, 20, 255, 0, 0, 0, 0, 0, 0, 0, 0])
    #expect(
      try folder.check(splits: ["val"]).findings(in: .pairs).map(\.message) == [
        "SegmentationClass/2007_2.png: expected a file, as ImageSets/Segmentation/val.txt:2 says, found none; "
          + "add it or remove the line",
        "JPEGImages/2007_3.jpg: expected a file, as ImageSets/Segmentation/val.txt:3 says, found none; "
          + "add it or remove the line",
        "SegmentationClass/2007_3.png: expected a file, as ImageSets/Segmentation/val.txt:3 says, found none; "
          + "add it or remove the line",
      ])
  }

  @Test func cityscapes() throws {
    let folder = try TemporaryFolder()
    try folder.image("leftImg8bit/train/aachen/aachen_0_1_leftImg8bit.png")
    try folder.image("leftImg8bit/train/ulm/ulm_0_2_leftImg8bit.png")
    let ids: [UInt8] = [0, 7, 8, 6, 33, 29, 31, 26, 1, 11, 23, 255]
    try folder.mask("gtFine/train/aachen/aachen_0_1_gtFine_labelIds.png", labels: ids)
    try folder.mask("gtFine/train/aachen/aachen_0_1_gtFine_instanceIds.png")
    try folder.mask("gtFine/train/ulm/ulm_0_2_gtFine_labelIds.png")
    try folder.text(
      "set.yaml",
      "{name: city, format: cityscapes, splits: {train: {images: leftImg8bit/train, masks: gtFine/train}}}")
    let dataset = try Dataset(try folder.description(), split: "train")
    #expect(dataset.classes.count == 19 && dataset.definition.colors.count == 19 && dataset.count == 2)
    #expect(dataset.name(at: 0) == "leftImg8bit/train/aachen/aachen_0_1_leftImg8bit.png")
    #expect(try dataset.sample(at: 0).labels == [255, 0, 1, 255, 18, 255, 16, 13, 255, 2, 10, 255])

    try folder.image("leftImg8bit/train/ulm/ulm_0_3_leftImg8bit.png")
    try folder.image("leftImg8bit/train/ulm/other.png")
    try folder.mask("gtFine/train/ulm/ulm_0_4_gtFine_labelIds.png")
    #expect(
      try folder.check().findings(in: .pairs).map(\.message) == [
        "leftImg8bit/train/ulm/other.png: expected a name such as aachen_000000_000019_leftImg8bit.png, found another; "
          + "rename or remove it",
        "leftImg8bit/train/ulm/ulm_0_3_leftImg8bit.png: expected its mask "
          + "gtFine/train/ulm/ulm_0_3_gtFine_labelIds.png, found none; add it or list the image under 'except:'",
        "gtFine/train/ulm/ulm_0_4_gtFine_labelIds.png: expected an image of that name in leftImg8bit/train, found none; "
          + "add it or remove the mask",
      ])
  }

  @Test(.enabled(if: sharedData != nil, "skipped: no data"))
  func realCityscapes() throws {
    let folder = try TemporaryFolder()
    let root = "\(sharedData ?? "")/corpora/masks/mmseg-pseudo/pseudo_cityscapes_dataset"
    try folder.text(
      "set.yaml",
      "{name: city, format: cityscapes, root: \(root), splits: {all: {images: leftImg8bit, masks: gtFine}}}")
    let dataset = try Dataset(try folder.description(), split: "all")
    let name = "frankfurt_000000_000294_gtFine_labelTrainIds.png"
    let expected = try MaskReader.read("\(root)/gtFine/\(name)").values.map { UInt8($0) }
    let labels = try dataset.sample(at: 0).labels
    // The two files were made smaller one by one, which leaves some pixels on edges apart.
    #expect(dataset.count == 1 && labels.count == expected.count)
    #expect(zip(labels, expected).count { $0 != $1 } < expected.count / 200)
  }

  @Test func layersOfClassesAndOfObjects() throws {
    let folder = try TemporaryFolder()
    for name in ["a", "a_car", "b"] { try folder.image("images/\(name).png") }
    func layer(_ name: String, _ pixels: [Int]) throws {
      try folder.mask("masks/\(name).png", labels: (0..<12).map { pixels.contains($0) ? 255 : 0 })
    }
    try layer("a_car", [0, 1])
    try layer("a_man", [1, 2])
    try layer("a_car_man", [3])
    try layer("b_car", [])
    try folder.text(
      "set.yaml",
      """
      name: set
      format: layers
      classes: [nothing, man, car]
      layers: {car: "{stem}_car.png", man: "{stem}_man.png"}
      splits: {all: {images: images, masks: masks}}
      """)
    let dataset = try Dataset(try folder.description(), split: "all")
    #expect(dataset.count == 3 && dataset.paths(at: 0) == nil)
    // Later layers lie over earlier ones.
    #expect(try dataset.sample(at: 0).labels == [2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    #expect(try dataset.sample(at: 1).labels == [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0])
    #expect(try dataset.sample(at: 2).labels.allSatisfy { $0 == 0 })

    try folder.image("images/c.png")
    try folder.mask("masks/d_car.png")
    try folder.mask("masks/b_man.png", width: 3, height: 4)
    #expect(
      try folder.check().findings.filter { $0.severity == .error }.map(\.message) == [
        "masks/d_car.png: expected an image of that name in images, found none; add it or remove the mask",
        "images/c.png: expected its mask masks/c_car.png, found none; add it or list the image under 'except:'",
        "masks/b_man.png: expected a mask of 4x3 as its image, found 3x4; export it at the size of images/b.png",
      ])

    let cells = try TemporaryFolder()
    try cells.image("images/x.png")
    try cells.mask("masks/x/1.png", labels: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    try cells.mask("masks/x/2.png", labels: [0, 0, 0, 0, 0, 255, 0, 0, 0, 0, 0, 0])
    try cells.text(
      "set.yaml",
      """
      {name: set, format: layers, classes: [nothing, cell], layers: {cell: "{stem}/*.png"},
      splits: {all: {images: images, masks: masks}}}
      """)
    let objects = try Dataset(try cells.description(), split: "all")
    #expect(try objects.sample(at: 0).labels == [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0])
  }

  @Test(arguments: [
    (
      "layers: {dog: x}",
      "set.yaml: expected one of the keys a, b, found 'layers.dog'; correct its spelling or remove it"
    ),
    (
      "layers: {b: x.png}",
      "set.yaml: expected a file name with one {stem} and at most one * behind it under 'layers.b', found 'x.png'"
    ),
  ])
  func wrongLayers(line: String, text: String) throws {
    let yaml = "name: x\nformat: layers\nclasses: [a, b]\n\(line)\nsplits: {all: {images: i, masks: m}}"
    let node = try ConfigurationNode.parse(yaml, file: "set.yaml")
    #expect(message { try DatasetDescription(node, folder: ".", environment: [:]) } == text)
  }

  @Test func masksInColor() throws {
    let folder = try TemporaryFolder()
    try folder.picture("images/a.png", seed: 1)
    try folder.colors("masks/a.png", [[255, 0, 0], [0, 0, 255], [0, 0, 0]])
    try folder.text(
      "set.yaml",
      """
      name: set
      classes: [a, b]
      labels: {"#ff0000": 1, "#0000FF": 0, "#000000": ignore}
      splits: {all: {images: images, masks: masks}}
      """)
    let dataset = try Dataset(try folder.description(), split: "all")
    #expect(try dataset.sample(at: 0).labels.prefix(4) == [1, 0, 255, 1])
    try folder.colors("masks/a.png", [[255, 0, 0], [1, 2, 3]])
    #expect(
      message { try dataset.sample(at: 0) }
        == "masks/a.png: expected labels #000000, #0000ff, #ff0000, found #010203 in 24 pixels; "
        + "map it under 'labels:' in set.yaml")
  }
}
