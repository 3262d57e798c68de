import Augmentation
import Datasets
import Foundation
import Images
import Testing

@Suite struct DatasetTests {
  @Test func readsImagesAndMapsLabels() throws {
    let folder = try TemporaryFolder()
    try folder.image("images/b.png", value: 60)
    try folder.image("images/a.png", value: 50)
    try folder.mask("masks/a.png", labels: [0, 1, 2, 255, 9, 8, 0, 0, 0, 0, 0, 0])
    try folder.mask("masks/b.png")
    try folder.text("images/notes.txt", "not a picture")
    try folder.text("images/.hidden.png", "not a picture")
    let dataset = try folder.dataset("ignore: 255\nlabels: {9: ignore, 8: 2, 1: 0}")
    #expect(dataset.count == 2)
    #expect(dataset.title == "set/all")
    #expect(dataset.name(at: 0) == "images/a.png")
    #expect(dataset.paths(at: 1)?.mask == "\(folder.path)/masks/b.png")
    let sample = try dataset.sample(at: 0)
    #expect(sample.labels == [0, 0, 2, 255, 255, 2, 0, 0, 0, 0, 0, 0])
    #expect(sample.rgb[0..<6] == [0, 50, 50, 50, 50, 50])
    #expect(try dataset.sample(at: 1).rgb[3] == 60)
  }

  @Test func namesALabelThatMeansNothing() throws {
    let folder = try TemporaryFolder()
    try folder.image("images/17.png", width: 40, height: 30)
    var labels = [UInt8](repeating: 0, count: 1200)
    for index in 0..<340 { labels[index] = 12 }
    labels[700] = 99
    try folder.mask("masks/17.png", width: 40, height: 30, labels: labels)
    try folder.text(
      "camvid.yaml",
      """
      {name: x, classes: [a, b, c, d, e, f, g, h, i, j, k, l], ignore: 255,
       splits: {all: {images: images, masks: masks}}}
      """)
    let dataset = try Dataset(try DatasetDescription.read("\(folder.path)/camvid.yaml"), split: "all")
    #expect(
      message { try dataset.sample(at: 0) }
        == "masks/17.png: expected labels 0…11 or 255 (ignore), found 12 in 340 pixels, 99 in 1 pixel; "
        + "map them under 'labels:' in camvid.yaml")
  }

  @Test func namesAMaskOfAnotherSize() throws {
    let folder = try TemporaryFolder()
    try folder.image("images/17.png", width: 48, height: 36)
    try folder.mask("masks/17.png", width: 24, height: 18)
    let dataset = try folder.dataset()
    #expect(
      message { try dataset.sample(at: 0) }
        == "masks/17.png: expected a mask of 48x36 as its image, found 24x18; "
        + "export it at the size of images/17.png")
  }

  @Test func namesADamagedImage() throws {
    let folder = try TemporaryFolder()
    try folder.text("images/a.png", "not a picture")
    try folder.mask("masks/a.png")
    let dataset = try folder.dataset()
    #expect(
      message { try dataset.sample(at: 0) }.hasPrefix("\(folder.path)/images/a.png: expected a PNG or JPEG"))
  }

  @Test func namesWhatIsMissing() throws {
    let folder = try TemporaryFolder()
    #expect(
      message { try folder.dataset() }
        == "\(folder.path)/images: expected a folder, found none; correct 'splits.all.images' in set.yaml")
    try folder.image("images/a.png")
    #expect(
      message { try folder.dataset() }
        == "\(folder.path)/masks: expected a folder, found none; correct 'splits.all.masks' in set.yaml")
    try folder.mask("masks/b.png")
    #expect(
      message { try folder.dataset() }
        == "images/a.png: expected its mask masks/a.png, found none; add it or list the image under 'except:'"
    )
    try folder.mask("masks/a.png")
    #expect(
      message { try folder.dataset() }
        == "masks/b.png: expected an image of that name in images, found none; add it or remove the mask")
    #expect(try folder.dataset(split: "masks: masks, except: [b]").count == 1)
    #expect(try folder.dataset(split: "masks: masks, only: [a]").count == 1)
    #expect(
      message { try folder.dataset(split: "masks: masks, only: [c]") }
        == "set.yaml: expected names of images in images under 'splits.all.only', found 'c'")
    #expect(
      message { try folder.dataset(split: "masks: masks, except: [a, b]") }
        == "images: expected images (.png, .jpg, .jpeg) for split 'all' of set.yaml, found none")
    #expect(
      message { try folder.dataset(split: "masks: masks, only: [a]", name: "test") }
        == "set.yaml: expected one of the splits all, found 'test'")
    #expect(
      message { try folder.dataset("root: [/nowhere/a, /nowhere/b]") }
        == "set.yaml: expected the data in /nowhere/a or /nowhere/b, found no such folder; "
        + "set TESSERA_DATA to the folder that holds it or change 'root:'")
    try folder.image("images/a.JPG")
    #expect(
      message { try folder.dataset() }
        == "images/a.png: expected one file of that name, found images/a.JPG too; rename or remove one")
  }

  @Test func masksWithASuffixBesideTheirImages() throws {
    let folder = try TemporaryFolder()
    try folder.image("images/a.png")
    try folder.mask("images/a_mask.png")
    let dataset = try folder.dataset(split: "masks: images, suffix: _mask")
    #expect(dataset.count == 1)
    #expect(dataset.paths(at: 0)?.mask == "\(folder.path)/images/a_mask.png")
    try folder.image("images/b.png")
    #expect(
      message { try folder.dataset(split: "masks: images, suffix: _mask") }
        == "images/b.png: expected its mask images/b_mask.png, found none; "
        + "add it or list the image under 'except:'")
  }

  @Test func drawsScenes() throws {
    let node = try ConfigurationNode.parse(
      "{name: s, scenes: streets, size: 48x64, splits: {train: {count: 3, seed: 5}}}", file: "s.yaml")
    let dataset = try Dataset(
      try DatasetDescription(node, folder: ".", environment: [:]), split: "train")
    #expect(dataset.count == 3)
    #expect(dataset.classes.count == 11)
    let sample = try dataset.sample(at: 1)
    #expect(sample.width == 64 && sample.height == 48)
    #expect(try dataset.sample(at: 1) == sample)
    #expect(try dataset.sample(at: 2) != sample)
    #expect(
      message { try Dataset(dataset.definition, split: "test") }
        == "s.yaml: expected one of the splits train, found 'test'")
  }

  @Test(
    .enabled(if: sharedData != nil, "skipped: no data"),
    arguments: [("camvid", 367, 101, 11), ("isbi2012", 16, 4, 2), ("nuclei", 380, 95, 3)])
  func opensRealData(name: String, train: Int, val: Int, classes: Int) throws {
    let description = try DatasetDescription.read(
      "\(descriptions)/\(name).yaml", environment: ["TESSERA_DATA": sharedData ?? ""])
    for (split, count) in [("train", train), ("val", val)] {
      let dataset = try Dataset(description, split: split)
      #expect(dataset.count == count)
      for index in [0, count / 2, count - 1] {
        let labels = Set(try dataset.sample(at: index).labels)
        #expect(labels.allSatisfy { Int($0) < classes || $0 == Sample.ignoredLabel })
        #expect(labels.count > 1)
      }
    }
  }
}
