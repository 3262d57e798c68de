import Files
import Foundation
import Inference
import Testing

/// What `--output` means.
@Suite struct ResultTargetTests {
  private func target(
    _ output: String?, _ pictures: [String?] = ["a.png"], isBatch: Bool = false,
    _ formats: [ResultFormat] = [.mask]
  ) throws -> ResultTarget {
    try ResultTarget(output: output, pictures: pictures, isBatch: isBatch, formats: formats)
  }

  @Test func places() throws {
    #expect(try target(nil) == .besidePictures)
    #expect(try target("out") == .folder("out"))
    #expect(try target("out.d") == .folder("out.d"))
    #expect(try target("m.PNG") == .file("m.PNG"))
    #expect(try target("m.json", [nil], [.json]) == .file("m.json"))
    #expect(try target("m.safetensors", [.probabilities]) == .file("m.safetensors"))
    #expect(try target("out", ["a.png", "b.png"], [.mask, .color]) == .folder("out"))
    try withFolder { folder in
      try DurableFile.makeFolder("\(folder)/x.png")
      #expect(try target("\(folder)/x.png") == .folder("\(folder)/x.png"))
      #expect(throws: InferenceError.self) { try target("m.png", ["\(folder)/x.png"]) }
    }
  }

  private func target(_ output: String, _ formats: [ResultFormat]) throws -> ResultTarget {
    try target(output, ["a.png"], formats)
  }

  @Test(arguments: [
    ("m.jpg", ResultFormat.mask, ".png"), ("m.tif", .mask, ".png"), ("m.webp", .color, ".png"),
    ("m.safetensors", .overlay, ".png"), ("m.png", .json, ".json"),
  ])
  func endings(output: String, format: ResultFormat, expected: String) {
    #expect(
      message { try target(output, [format]) }
        == "--output: expected a name that ends in \(expected) for the format \(format.rawValue), or a folder, found "
        + "'\(output)'")
  }

  @Test func oneFileForSeveralResults() {
    func text(_ results: Int) -> String {
      "m.png: expected a folder for \(results) results, found the name of a file; name a folder with --output"
    }
    #expect(message { try target("m.png", ["a.png", "b.png"]) } == text(2))
    #expect(message { try target("m.png", ["a.png"], [.mask, .color, .json]) } == text(3))
    #expect(message { try target("m.png", ["a.png"], isBatch: true) } == text(2))
    #expect(message { try target("m.png", ["a.png"], [.probabilityMaps]) } == text(2))
  }

  @Test func thePictureItself() throws {
    try withFolder { folder in
      try DurableFile.write([1], to: "\(folder)/a.png")
      symlink("a.png", "\(folder)/b.png")
      link("\(folder)/a.png", "\(folder)/c.png")
      for name in ["a", "b", "c", "../\(folder.fileName)/a"] {
        let path = "\(folder)/\(name).png"
        #expect(
          message { try target(path, ["\(folder)/a.png"]) }
            == "\(path): expected another file for the result than the picture, found the picture; name one with --output"
        )
      }
    }
  }
}
