import Datasets
import Testing

@Suite struct ListedPairingTests {
  private func open(_ folder: TemporaryFolder, list: String) throws -> Dataset {
    try folder.text("train.txt", list)
    try folder.text(
      "set.yaml", "{name: set, format: list, classes: [a, b], splits: {all: {list: train.txt}}}")
    return try Dataset(try folder.description(), split: "all")
  }

  @Test func pairsOfAnyNames() throws {
    let folder = try TemporaryFolder()
    for name in ["x/one.png", "two words.png"] { try folder.image(name) }
    for name in ["y/eins.png", "zwei.png"] { try folder.mask(name) }
    let blanks = try open(folder, list: "# image mask\r\n\r\n x/one.png   y/eins.png \r\n")
    #expect(blanks.count == 1 && blanks.name(at: 0) == "x/one.png")
    #expect(blanks.paths(at: 0)?.mask == "\(folder.path)/y/eins.png")
    #expect(try blanks.sample(at: 0).labels.count == 12)
    for separator in ["\t", ", "] {
      let dataset = try open(
        folder, list: "two words.png\(separator)zwei.png\nx/one.png\(separator)y/eins.png")
      #expect(dataset.count == 2 && dataset.name(at: 0) == "two words.png")
    }
  }

  @Test func problems() throws {
    let folder = try TemporaryFolder()
    try folder.image("a.png")
    try folder.mask("m.png")
    #expect(
      message { try open(folder, list: "a.png m.png\na.png") }
        == "train.txt:2: expected an image and its mask, apart by a blank, found 'a.png'; correct the line or remove it"
    )
    #expect(
      message { try open(folder, list: "\nb.png m.png") }
        == "b.png: expected a file, as train.txt:2 says, found none; add it or remove the line")
    #expect(
      message { try open(folder, list: "a.png m.png\na.png m.png") }
        == "train.txt:2: expected each image once, found 'a.png' in line 1 too; remove one")
    #expect(
      message { try open(folder, list: "# nothing") }
        == "train.txt: expected images (.png, .jpg, .jpeg) for split 'all' of set.yaml, found none")
    _ = try? open(folder, list: "a.png\nb.png m.png\na.png n.png")
    #expect(try folder.check().findings(in: .pairs).count == 3)
    try folder.text("set.yaml", "{name: set, format: list, classes: [a, b], splits: {all: {list: no.txt}}}")
    #expect(
      message { try Dataset(try folder.description(), split: "all") }
        == "\(folder.path)/no.txt: expected a file, found nothing; check the path")
  }
}
