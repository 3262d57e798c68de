import Foundation
import TensorCore
import Testing
import Weights

@Suite struct CheckpointTests {
  private var full: Checkpoint {
    var checkpoint = Checkpoint(
      architecture: "unet",
      parameters: ["inc.weight": Tensor([1, -0.5, 0.25], shape: [3]), "outc.bias": Tensor([2], shape: [1])])
    checkpoint.arguments = ["width": "64", "depth": "4"]
    checkpoint.classes = ["background", "nucleus \"n\"", "Straße"]
    checkpoint.palette = [[0, 0, 0], [255, 128, 7], [1, 2, 3]]
    checkpoint.ignoreIndex = 255
    checkpoint.normalization = .imageNet
    checkpoint.trainingSize = Checkpoint.Size(height: 360, width: 480)
    checkpoint.scores = ["mean_iou": 0.7123456789, "pixel_accuracy": 1, "empty_class": .infinity]
    checkpoint.provenance = ["licence": "CC0-1.0", "data": "https://example.org/a?b=c"]
    return checkpoint
  }

  @Test(arguments: [ElementType.float32, .float16, .bfloat16]) func roundTrips(_ type: ElementType) throws {
    try withFolder { folder in
      let path = "\(folder)/a.safetensors"
      try full.write(to: path, as: type)
      #expect(try Checkpoint.read(path) == full)
      var description = full
      description.parameters = [:]
      #expect(try Checkpoint.readDescription(path) == description)
      let first = try SafetensorsReader.read(path).header
      try Checkpoint.read(path).write(to: path, as: type)
      #expect(try SafetensorsReader.read(path).header == first)
    }
  }

  /// A variance of a hundred thousand is beyond F16, and everything else is stored as it was asked for.
  @Test func whatATypeCannotHoldIsStoredAsF32() throws {
    try withFolder { folder in
      let path = "\(folder)/a.safetensors"
      var checkpoint = full
      checkpoint.parameters["bn.running_var"] = Tensor([107819.45, 1], shape: [2])
      checkpoint.parameters["bn.bias"] = Tensor([65504, -.infinity, .nan], shape: [3])
      #expect(try checkpoint.write(to: path, as: .float16) == ["bn.running_var"])
      let entries = try SafetensorsReader.read(path).entries
      #expect(
        Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0.type) }) == [
          "bn.running_var": .float32, "bn.bias": .float16, "inc.weight": .float16, "outc.bias": .float16,
        ])
      #expect(try Checkpoint.read(path).parameters["bn.running_var"]?.elements == [107819.45, 1])
      #expect(try checkpoint.write(to: path, as: .bfloat16) == [])
      checkpoint.parameters["bn.bias"] = Tensor([0x1.ffp127], shape: [1])
      #expect(try checkpoint.write(to: path, as: .bfloat16) == ["bn.bias"])
    }
  }

  @Test func storesItsMetadataUnderDocumentedKeys() throws {
    try withFolder { folder in
      let path = "\(folder)/a.safetensors"
      var checkpoint = full
      checkpoint.scores["undefined"] = .nan
      try checkpoint.write(to: path)
      #expect(
        try SafetensorsHeader.read(path).metadata == [
          "tessera.format": "1",
          "tessera.architecture": "unet",
          "tessera.arguments": #"{"depth":"4","width":"64"}"#,
          "tessera.classes": #"["background","nucleus \"n\"","Straße"]"#,
          "tessera.palette": "[[0,0,0],[255,128,7],[1,2,3]]",
          "tessera.ignore_index": "255",
          "tessera.normalization":
            #"{"deviation":[0.229,0.224,0.225],"mean":[0.485,0.456,0.406]}"#,
          "tessera.training_size": "[360,480]",
          "tessera.scores":
            #"{"empty_class":"inf","mean_iou":0.7123456789,"pixel_accuracy":1,"undefined":"nan"}"#,
          "tessera.provenance": #"{"data":"https://example.org/a?b=c","licence":"CC0-1.0"}"#,
        ])
      #expect(try Checkpoint.read(path).scores["undefined"]?.isNaN == true)
    }
  }

  @Test func readsForeignWeights() throws {
    try withFolder { folder in
      let path = "\(folder)/foreign.safetensors"
      let tensor = Tensor([1, 2], shape: [2])
      try SafetensorsWriter.write(
        [
          SafetensorsItem("bn.weight", tensor),
          SafetensorsItem(
            "bn.num_batches_tracked", bytes: littleEndian(Int64.max), as: .int64, shape: []),
        ], metadata: ["format": "pt"], to: path)
      let checkpoint = try Checkpoint.read(path)
      #expect(checkpoint == Checkpoint(architecture: nil, parameters: ["bn.weight": tensor]))
      try checkpoint.write(to: path)
      #expect(try SafetensorsHeader.read(path).metadata.isEmpty)
    }
  }

  static let refused: [(change: [String: String], message: String)] = [
    (["tessera.format": "2"], "tessera.format: expected 1, or a newer release of Tessera, found 2"),
    (["tessera.architecture": ""], "tessera.architecture: expected a name, found none"),
    (["tessera.arguments": "[1]"], "tessera.arguments: expected an object of text, found [1]"),
    (["tessera.classes": #"{"a":"b"}"#], #"tessera.classes: expected an array of text, found {"a":"b"}"#),
    (["tessera.palette": "[[1,2,3]]"], "tessera.palette: expected 2 colours, one for each class, found 1"),
    (
      ["tessera.palette": "[[1,2,3],[1,2]]"],
      "tessera.palette: expected [red, green, blue], found 2 numbers"
    ),
    (
      ["tessera.palette": "[[1,2,256],[1,2,3]]"],
      "tessera.palette: expected an array of [red, green, blue], 0…255, found [[1,2,256],[1,2,3]]"
    ),
    (["tessera.ignore_index": "x\n"], "tessera.ignore_index: expected a whole number, found x\\n"),
    (["tessera.ignore_index": ""], "tessera.ignore_index: expected a whole number, found "),
    (["tessera.training_size": "[1]"], "tessera.training_size: expected [height, width], found 1 numbers"),
    (
      ["tessera.training_size": "[0,5]"],
      "tessera.training_size: expected 1 to 16384 pixels each way, found 0x5"
    ),
    (
      ["tessera.normalization": #"{"mean":[1,2,3],"deviation":[1,2]}"#],
      "tessera.normalization: expected 3 means and 3 deviations, for red, green and blue, found 3 and 2"
    ),
    (
      ["tessera.normalization": #"{"mean":[1],"deviation":[1]}"#],
      "tessera.normalization: expected 3 means and 3 deviations, for red, green and blue, found 1 and 1"
    ),
    (
      ["tessera.normalization": #"{"mean":[1,2,3],"deviation":[1,0,1]}"#],
      "tessera.normalization: expected finite means and deviations above 0, "
        + "found [1.0, 2.0, 3.0] and [1.0, 0.0, 1.0]"
    ),
    (["tessera.scores": #"{"a":"b"}"#], #"tessera.scores: expected an object of numbers, found {"a":"b"}"#),
    (
      ["tessera.provenance": String(repeating: "[", count: 10_000)],
      "tessera.provenance: expected an object of text, found \(String(repeating: "[", count: 80))…"
    ),
    // JSON takes some twenty times its bytes while it is read.
    (
      ["tessera.palette": "[[]" + String(repeating: ",[]", count: 30_000) + "]"],
      "expected a safetensors header that takes at most 1048576 bytes of memory, found more entries or text; "
        + "check that this is a file of weights"
    ),
    (
      ["tessera.scores": "{" + (0..<5000).map { "\"\($0)\":1" }.joined(separator: ",") + "}"],
      "expected a safetensors header that takes at most 1048576 bytes of memory, found more entries or text; "
        + "check that this is a file of weights"
    ),
    (
      // Thirty-one accents, escaped in JSON which is itself text in JSON.
      ["tessera.scores": "{\"" + String(repeating: #"\u0301"#, count: 31) + "\":1}"],
      "tessera.scores: expected at most 30 combining marks in a row, found more"
    ),
    (
      // UTF-16 for a decoder that looks for zeros: its marks would not be those that were counted.
      ["tessera.scores": "\0{\0\"" + String(repeating: "0,", count: 1000) + "\0\"\0:\0001\0}"],
      "tessera.scores: expected text without zeros, found \\0{\\0\"" + String(repeating: "0,", count: 38)
        + "…"
    ),
  ]

  @Test(arguments: refused.indices) func refuses(_ index: Int) throws {
    let (change, message) = Self.refused[index]
    var metadata = [
      "tessera.format": "1", "tessera.architecture": "unet", "tessera.classes": #"["a","b"]"#,
    ]
    metadata.merge(change) { $1 }
    try withFolder { folder in
      let path = "\(folder)/bad.safetensors"
      try SafetensorsWriter.write([SafetensorsItem](), metadata: metadata, to: path)
      let error = #expect(throws: WeightsError.self) { try Checkpoint.read(path) }
      #expect(error?.description == "\(path): \(message)")
    }
  }

  @Test func refusesToWriteWhatItWouldNotRead() throws {
    try withFolder { folder in
      var checkpoint = full
      checkpoint.palette = [[0, 0, 0]]
      let error = #expect(throws: WeightsError.self) { try checkpoint.write(to: "\(folder)/p.safetensors") }
      #expect(
        error?.description
          == "\(folder)/p.safetensors: tessera.palette: expected 3 colours, one for each class, found 1")
      #expect(throws: WeightsError.self) { try Checkpoint.read("\(folder)/p.safetensors") }
    }
  }

  @Test func leavesIntegersOutButNotWeightsOfThem() throws {
    func checkpoint(_ name: String) throws(WeightsError) -> Checkpoint {
      let header =
        #"{"a.weight":{"dtype":"F16","shape":[1],"data_offsets":[0,2]},"#
        + #""\#(name)":{"dtype":"I32","shape":[1],"data_offsets":[2,6]}}"#
      return try Checkpoint.read(safetensors(header, body: [0, 0x3c, 1, 0, 0, 0]), name: "x.safetensors")
    }
    #expect(try checkpoint("a.relative_position_index").parameters == ["a.weight": Tensor([1], shape: [1])])
    let error = #expect(throws: WeightsError.self) { try checkpoint("b.weight") }
    #expect(
      error?.description
        == "x.safetensors: b.weight: expected floating-point numbers in a parameter, found I32")
  }

  /// A licence is tens of kilobytes, and belongs to a small model too.
  @Test func takesLongNotesAndRefusesThoseThatReadersWould() throws {
    func noted(_ bytes: Int) -> Checkpoint {
      var checkpoint = Checkpoint(architecture: "unet", parameters: ["a.weight": Tensor([1], shape: [1])])
      checkpoint.provenance = ["licence": String(repeating: "a \"word\", and another. ", count: bytes / 24)]
      return checkpoint
    }
    try withFolder { folder in
      let path = "\(folder)/noted.safetensors"
      try noted(30_000).write(to: path)
      #expect(try Checkpoint.read(path).provenance == noted(30_000).provenance)
      let error = #expect(throws: WeightsError.self) {
        try noted(1_000_000).write(to: "\(folder)/long.safetensors")
      }
      #expect(
        error?.description
          == "\(folder)/long.safetensors: tessera.provenance: expected names, scores and notes that take at most 1048576 "
          + "bytes of memory, found more; shorten the notes")
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/long.safetensors"))
      // Whatever can be written can be read, up to the last note that is short enough.
      for bytes in stride(from: 40_000, to: 200_000, by: 8000) {
        guard (try? noted(bytes).write(to: path)) != nil else { continue }
        #expect(throws: Never.self) { try Checkpoint.read(path) }
      }
    }
  }

  @Test func writesNoNamesThatReadersRefuse() throws {
    let marks = "a" + String(repeating: "\u{301}", count: 31)
    try withFolder { folder in
      let path = "\(folder)/x.safetensors"
      for name in [marks, String(repeating: "n", count: 1001)] {
        let checkpoint = Checkpoint(architecture: nil, parameters: [name: Tensor([1], shape: [1])])
        let error = #expect(throws: WeightsError.self) { try checkpoint.write(to: path) }
        #expect(
          error?.description.hasPrefix(
            "\(path): a parameter's name: expected at most 1000 bytes and 30 combining marks in a row, found "
          ) == true)
      }
      var checkpoint = Checkpoint(architecture: "unet", parameters: [:])
      checkpoint.classes = [marks]
      let error = #expect(throws: WeightsError.self) { try checkpoint.write(to: path) }
      #expect(
        error?.description
          == "\(path): tessera.classes: expected at most 30 combining marks in a row, found more")
      // Thousands of tensors of one element take more memory than their file and a mebibyte.
      let many = Dictionary(uniqueKeysWithValues: (0..<5000).map { ("\($0)", Tensor([1], shape: [1])) })
      #expect(throws: WeightsError.self) {
        try Checkpoint(architecture: nil, parameters: many).write(to: path)
      }
      #expect(!FileManager.default.fileExists(atPath: path))
    }
  }
}
