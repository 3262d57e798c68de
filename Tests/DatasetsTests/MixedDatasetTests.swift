import Datasets
import Testing

@Suite struct MixedDatasetTests {
  @Test func goesThroughPartsInTurn() throws {
    let mixed = try MixedDataset([
      .init(CountingSource(title: "one", count: 2), repeats: 3),
      .init(CountingSource(title: "two", count: 3)),
    ])
    #expect(mixed.count == 9)
    #expect(mixed.title == "one + two")
    #expect(
      (0..<9).map { mixed.name(at: $0) } == [
        "one/0", "one/1", "one/0", "one/1", "one/0", "one/1", "two/0", "two/1", "two/2",
      ])
    #expect((0..<9).map { mixed.firstIndex(ofSampleAt: $0) } == [0, 1, 0, 1, 0, 1, 6, 7, 8])
    #expect(try mixed.sample(at: 5).rgb[0] == 1)
    #expect(try mixed.sample(at: 8).rgb[0] == 2)
  }

  @Test func refusesOtherClasses() {
    #expect(
      message {
        try MixedDataset([
          .init(CountingSource(title: "one")), .init(CountingSource(title: "two", classes: ["b", "a"])),
        ])
      }
        == "two: expected the classes of one (a, b), found b, a; give all the same classes in one order")
  }
}
