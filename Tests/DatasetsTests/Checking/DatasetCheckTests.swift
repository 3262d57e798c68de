import Datasets
import Files
import Images
import TensorCore
import Testing

@Suite struct DatasetCheckTests {
  @Test func nothingToMend() throws {
    let folder = try TemporaryFolder()
    for index in 0..<6 {
      try folder.picture("images/\(index).png", seed: UInt64(index))
      try folder.grays("masks/\(index).png", [0, 1, 2])
    }
    try folder.text(
      "set.yaml",
      """
      name: set
      classes: [a, b, c]
      splits:
        all: {images: images, masks: masks}
        train: {images: images, masks: masks, except: ["5"]}
        val: {images: images, masks: masks, only: ["5"]}
      """)
    let report = try folder.check()
    #expect(!report.hasErrors && report.labelMap == nil)
    #expect(report.splits.map(\.samples) == [6, 5, 1])
    // Parts of a whole are worth a warning.
    #expect(
      report.findings.map(\.message) == [
        "splits 'all' and 'train' share 5 samples; train and validate on others",
        "splits 'all' and 'val' share 1 samples; train and validate on others",
      ])
    #expect(try folder.check(splits: ["train", "val"]).findings.isEmpty)
  }

  @Test func warnings() throws {
    let folder = try TemporaryFolder()
    for index in 0..<3 {
      try folder.picture("images/\(index).png", seed: UInt64(index))
      try folder.grays("masks/\(index).png", index == 0 ? [1] : index == 1 ? [255] : [0, 1])
    }
    try folder.text(
      "set.yaml",
      "{name: set, classes: [a, b, c], ignore: 255, splits: {all: {images: images, masks: masks}}}")
    let report = try folder.check()
    #expect(!report.hasErrors)
    #expect(
      report.findings.map(\.message) == [
        "set.yaml: expected class 2 'c' in split 'all', found it in no sample; check 'classes' and 'labels'",
        "masks/0.png: expected several classes, found 'b' in every pixel; look at the mask",
        "masks/1.png: expected several classes, found no class in every pixel; look at the mask",
      ])
  }

  @Test func aFileInTwoSplits() throws {
    let folder = try TemporaryFolder()
    for name in ["1", "2", "3"] {
      try folder.picture("images/\(name).png", seed: UInt64(name) ?? 0)
      try folder.grays("masks/\(name).png", [0, 1])
    }
    try folder.text(
      "set.yaml",
      """
      {name: set, classes: [a, b], splits: {train: {images: images, masks: masks, except: ["3"]},
      val: {images: images, masks: masks, except: ["1"]}}}
      """)
    #expect(
      try folder.check().findings.map(\.message) == [
        "images/2.png: expected it in one split, found it in 'train' and 'val'; remove it from one"
      ])
    // A copy under another name.
    try DurableFile.write(
      try WholeFile.read("\(folder.path)/images/1.png"), to: "\(folder.path)/images/3.png")
    #expect(
      try folder.check().findings.map(\.message).last
        == "images/3.png: expected pictures that no other split has, found those of images/1.png in 'train'; "
        + "remove it from 'val'")
  }

  @Test func classFoldersAndDigits() throws {
    let folder = try TemporaryFolder()
    try folder.picture("train/cat/1.png", seed: 1)
    try folder.picture("train/dog/2.png", seed: 2)
    try folder.picture("val/cat/3.png", seed: 1)
    try folder.text("val/dog/4.png", "no picture")
    try folder.text("val/bird/readme.txt", "none")
    try folder.text(
      "set.yaml",
      "{name: set, format: folders, root: ., splits: {train: {images: train}, val: {images: val}}}")
    let messages = try folder.check().findings.map(\.message)
    #expect(messages.count == 3)
    #expect(messages[0].hasPrefix("\(folder.path)/val/bird: expected images"))
    #expect(messages[1].hasPrefix("\(folder.path)/val/dog/4.png: expected a PNG or JPEG image, found text"))
    #expect(
      messages[2].hasPrefix(
        "val/cat/3.png: expected pictures that no other split has, found those of train/cat"))

    let digits = try TemporaryFolder()
    _ = try digits.digits(images: IDXBytes.images(4), labels: IDXBytes.labels([0, 2, 0, 0]))
    #expect(
      try digits.check().findings.map(\.message) == [
        "set.yaml: expected class 1 'b' in split 'all', found it in no sample; check 'classes' and 'labels'"
      ])
  }

  @Test func scenesNeedNoCheck() throws {
    let folder = try TemporaryFolder()
    try folder.text(
      "set.yaml", "{name: s, scenes: streets, size: 48x64, splits: {train: {count: 3, seed: 5}}}")
    #expect(try folder.check().findings.isEmpty)
  }
}
