import Files
import Foundation
import TensorCore
import Testing
import Weights

@Suite struct SafetensorsReaderTests {
  /// The reference implementation's name for an error.
  private func referenceName(_ error: WeightsError) -> String {
    switch error {
    case .tooSmall: "HeaderTooSmall"
    case .headerTooLarge: "HeaderTooLarge"
    case .headerBeyondFile: "InvalidHeaderLength"
    case .headerNotUTF8: "InvalidHeader"
    case .headerSyntax: "InvalidHeaderDeserialization"
    case .wrongByteCount: "TensorInvalidInfo"
    case .sizeOverflow: "ValidationOverflow"
    case .gapOrOverlap: "InvalidOffset"
    case .uncoveredBytes: "MetadataIncompleteBuffer"
    default: "\(error)"
    }
  }

  @Test(.enabled(if: SharedData.hasCorpus, "skipped: no data"))
  func acceptsAndRefusesAsTheReferenceDoes() throws {
    let corpus = try #require(SharedData.corpus)
    let table = try String(contentsOfFile: "\(corpus)/EXPECTED.tsv", encoding: .utf8)
    var files = 0
    for line in table.split(separator: "\n").dropFirst() {
      let fields = line.split(separator: "\t")
      let path = "\(corpus)/\(fields[0])"
      let expected = fields[2].prefix { $0 != " " }
      var outcome = "OK"
      do {
        let file = try SafetensorsReader.read(path)
        for entry in file.entries { #expect(try file.tensor(entry.name).shape == entry.shape) }
        #expect(try SafetensorsHeader.read(path) == file.header)
      } catch {
        outcome = referenceName(error)
        #expect(throws: WeightsError.self) { try SafetensorsHeader.read(path) }
      }
      #expect(outcome == expected, "\(fields[0])")
      files += 1
    }
    #expect(files == 19)
  }

  @Test func readsWhatTheReferenceWrote() throws {
    let file = try SafetensorsReader.read(Reference.floats, name: "r")
    #expect(file.metadata == ["format": "pt"])
    #expect(file.entries.map(\.name) == ["a", "b.weight", "é\"q"])
    #expect(try file.tensor("a") == Tensor([0.25], shape: [1]))
    #expect(try file.tensor("b.weight") == Tensor([1, 2, 3, -0.5], shape: [2, 2]))
    #expect(try file.tensor("é\"q") == Tensor([7], shape: []))
  }

  @Test func saysWhichFileIsNotThere() {
    #expect(throws: WeightsError.file(.notFound(path: "/nowhere/x.safetensors"))) {
      try SafetensorsReader.read("/nowhere/x.safetensors")
    }
    #expect(throws: WeightsError.file(.notFound(path: "/nowhere/x.safetensors"))) {
      try SafetensorsHeader.read("/nowhere/x.safetensors")
    }
    #expect(throws: WeightsError.file(.notAFile(path: "/tmp", isFolder: true))) {
      try SafetensorsHeader.read("/tmp")
    }
  }

  @Test func neverTrapsOnCutOrChangedFiles() throws {
    let whole = Reference.mixed
    for length in 0..<whole.count {
      #expect(throws: WeightsError.self) {
        try SafetensorsReader.read(Array(whole[..<length]), name: "cut")
      }
    }
    var stream = RandomStream(seed: 7)
    var read = 0
    for _ in 0..<20_000 {
      var bytes = whole
      for _ in 0..<2 {
        let place = min(Int(stream.uniform(in: 0...Float(bytes.count))), bytes.count - 1)
        bytes[place] = UInt8(min(stream.uniform(in: 0...256), 255))
      }
      guard let file = try? SafetensorsReader.read(bytes, name: "changed") else { continue }
      for entry in file.entries { _ = try? file.tensor(entry.name) }
      read += 1
    }
    #expect(read > 0 && read < 20_000)
  }
}

/// Files made by the reference implementation (safetensors 0.8.0 for Python, `safetensors.numpy.save`).
enum Reference {
  /// `save({"b.weight": float32 [[1, 2], [3, -0.5]], "a": float32 [0.25], "é\"q": float32 7}, {"format":
  /// "pt"})`
  static let floats = safetensors(
    #"{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"#
      + #""b.weight":{"dtype":"F32","shape":[2,2],"data_offsets":[4,20]},"#
      + #""é\"q":{"dtype":"F32","shape":[],"data_offsets":[20,24]}}  "#,
    body: [
      0x00, 0x00, 0x80, 0x3e, 0x00, 0x00, 0x80, 0x3f, 0x00, 0x00, 0x00, 0x40, 0x00, 0x00, 0x40, 0x40,
      0x00, 0x00, 0x00, 0xbf, 0x00, 0x00, 0xe0, 0x40,
    ])

  /// `save({"image": uint8 0…5 as [1, 2, 3], "w": uint16 [1, 65535], "h": float16 [1.5, -2], "f": float32 [1,
  /// 2]})`
  static let mixed = safetensors(
    #"{"f":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"#
      + #""h":{"dtype":"F16","shape":[2],"data_offsets":[8,12]},"#
      + #""w":{"dtype":"U16","shape":[2],"data_offsets":[12,16]},"#
      + #""image":{"dtype":"U8","shape":[1,2,3],"data_offsets":[16,22]}}       "#,
    body: [
      0x00, 0x00, 0x80, 0x3f, 0x00, 0x00, 0x00, 0x40, 0x00, 0x3e, 0x00, 0xc0, 0x01, 0x00, 0xff, 0xff,
      0, 1, 2, 3, 4, 5,
    ])
}
