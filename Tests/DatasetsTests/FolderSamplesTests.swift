import Augmentation
import Datasets
import TensorCore
import Testing

@Suite struct FolderSamplesTests {
  private func open(
    _ folder: TemporaryFolder, _ lines: String = "", images: String = "train"
  ) throws -> Dataset {
    try folder.text(
      "set.yaml", "{name: set, format: folders, root: ., \(lines) splits: {all: {images: \(images)}}}")
    return try Dataset(try DatasetDescription.read("\(folder.path)/set.yaml"), split: "all")
  }

  @Test func classesAreFolders() throws {
    let folder = try TemporaryFolder()
    for (index, name) in ["dog/b.png", "cat/z.PNG", "cat/a.jpeg.png"].enumerated() {
      try folder.image("train/\(name)", value: UInt8(10 * index))
    }
    for name in ["readme.txt", "cat/notes.txt", ".hidden/x.png", "cat/.thumb.png"] {
      try folder.text("train/\(name)", "no image")
    }
    let dataset = try open(folder)
    #expect(dataset.classes == ["cat", "dog"] && dataset.truth == .label && !dataset.isInMemory)
    #expect(
      (0..<dataset.count).map { dataset.name(at: $0) }
        == ["train/cat/a.jpeg.png", "train/cat/z.PNG", "train/dog/b.png"])
    let samples = try (0..<3).map { try dataset.sample(at: $0) }
    #expect(samples.map(\.label) == [0, 0, 1] && samples.map { $0.rgb[5] } == [20, 10, 0])

    // Classes in an order of their own, of which some may be left out.
    #expect(try open(folder, "classes: [dog],").count == 1)
    let other = try open(folder, "classes: [dog, cat],")
    #expect(other.classes == ["dog", "cat"] && other.name(at: 0) == "train/dog/b.png")
    #expect(try other.sample(at: 1).label == 1)
    // Class folders may stand beside the description.
    try folder.image("boxes/a.png")
    let boxes = try open(folder, "classes: [boxes],", images: ".")
    #expect(boxes.classes == ["boxes"] && boxes.name(at: 0) == "boxes/a.png")
    #expect(try boxes.sample(at: 0).label == 0)
  }

  @Test func labelsBeyondAByte() throws {
    let folder = try TemporaryFolder()
    for index in 0..<300 { try folder.text("train/\(1000 + index)/a.png", "") }
    try folder.image("train/1299/a.png")
    let dataset = try open(folder)
    #expect(dataset.classes.count == 300 && dataset.definition.colors.isEmpty)
    let sample = try dataset.sample(at: 299)
    #expect(sample.label == 299)
    let batch = try Batch([sample, sample], names: ["a", "b"], normalization: .unit)
    #expect(batch.labels.shape == [2, 1, 1, 1] && batch.labels.elements == [299, 299])
  }

  @Test func failures() throws {
    let folder = try TemporaryFolder()
    #expect(
      message { try open(folder) }
        == "\(folder.path)/train: expected a folder, found none; correct 'splits.all.images' in set.yaml")
    try folder.text("train/x.txt", "")
    #expect(
      message { try open(folder) }
        == "\(folder.path)/train: expected a folder for each class, found none; correct 'images' in set.yaml"
    )
    try folder.image("train/cat/a.png")
    try folder.text("train/dog/a.txt", "")
    #expect(
      message { try open(folder) }
        == "\(folder.path)/train/dog: expected images (.png, .jpg, .jpeg) of the class, found none; add some or remove "
        + "the class")
    #expect(
      message { try open(folder, "classes: [cat, bird],") }
        == "\(folder.path)/train/bird: expected a folder, found none; correct 'classes' in set.yaml")
    #expect(
      message { try open(folder, "classes: [cat, cat],") }
        == "set.yaml: expected a name that no other class has under 'classes[1]', found 'cat'")
    #expect(
      message { try open(folder, "colors: [[1, 2, 3]],") }
        == "set.yaml: expected one of the keys name, licence, format, classes, root, splits, found 'colors'; "
        + "correct its "
        + "spelling or remove it")
    #expect(
      message {
        try DatasetDescription(
          ConfigurationNode.parse("{name: a, format: tar}", file: "a.yaml"), folder: "", environment: [:])
      }
        == "a.yaml: expected masks, list, voc, cityscapes, layers, coco, idx or folders under 'format', found 'tar'"
    )
    try folder.text("train/dog/a.png", "no picture")
    let broken = try open(folder)
    #expect(
      message { try broken.sample(at: 1) }.hasPrefix(
        "\(folder.path)/train/dog/a.png: expected a PNG or JPEG image"))
  }

  @Test func masksAndClassesDoNotMix() throws {
    let folder = try TemporaryFolder()
    for name in ["a", "b"] { try folder.image("train/\(name)/x.png") }
    let classes = try open(folder)
    #expect(
      message { try MixedDataset([.init(CountingSource()), .init(classes)]) }
        == "set/all: expected masks as counting has, found the other kind; do not mix the two")
    let twice = try MixedDataset([.init(classes, repeats: 2)])
    #expect(twice.truth == .label && twice.count == 4 && !twice.isInMemory)
  }
}
