import Testing
import Weights

@Suite struct SafetensorsHeaderTests {
  private static let deep = String(repeating: "[", count: 100_000)
  private static let f32 = #"{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#

  /// Headers that break a rule, with the message for each; the body has 4 bytes.
  static let refused: [(header: String, message: String)] = [
    ("[]", "h: expected { at byte 0 of the safetensors header, found ["),
    ("", "h: expected { at byte 0 of the safetensors header, found the end of the header"),
    (deep, "h: expected { at byte 0 of the safetensors header, found ["),
    (#"{"a":\#(deep)"#, "h: expected { at byte 5 of the safetensors header, found ["),
    (
      #"{"a":{"shape":\#(deep)"#,
      "h: expected a whole number from 0 at byte 15 of the safetensors header, found ["
    ),
    (
      #"{"\#(String(repeating: "n.", count: 501))":\#(f32)}"#,
      "h: expected a name of at most 1000 bytes at byte 1005 of the safetensors header, found one of 1002"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[\#(String(repeating: "1,", count: 64))1],"data_offsets":[0,4]}}"#,
      "h: expected at most 64 numbers at byte 157 of the safetensors header, found more"
    ),
    ("{} x", "h: expected the end of the header at byte 3 of the safetensors header, found x"),
    ("{}\u{0}", "h: expected the end of the header at byte 2 of the safetensors header, found byte 0"),
    (#"{"a":\#(f32),}"#, "h: expected \" at byte 54 of the safetensors header, found }"),
    (#"{"a":\#(f32),"a":\#(f32)}"#, "h: expected each key of the safetensors header once, found a twice"),
    (
      #"{"a":\#(f32),"\u0061":\#(f32)}"#, "h: expected each key of the safetensors header once, found a twice"
    ),
    (
      #"{"__metadata__":{"k":"1","k":"2"},"a":\#(f32)}"#,
      "h: expected each key of the safetensors header once, found k twice"
    ),
    (
      #"{"__metadata__":{},"__metadata__":{},"a":\#(f32)}"#,
      "h: expected each key of the safetensors header once, found __metadata__ twice"
    ),
    (
      #"{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
      "h: expected each key of the safetensors header once, found a.dtype twice"
    ),
    (#"{"__metadata__":{"k":1}}"#, "h: expected \" at byte 21 of the safetensors header, found 1"),
    (#"{"__metadata__":null}"#, "h: expected { at byte 16 of the safetensors header, found n"),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"more":"1"}}"#,
      "h: a: expected dtype, shape and data_offsets, found more"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[1]}}"#,
      "h: a: expected dtype, shape and two data_offsets, found fewer or more"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,4]}}"#,
      "h: a: expected dtype, shape and two data_offsets, found fewer or more"
    ),
    (
      #"{"a":{"dtype":"f32","shape":[1],"data_offsets":[0,4]}}"#,
      "h: a: expected a dtype of the safetensors format, found f32"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#,
      "h: expected a whole number from 0 at byte 29 of the safetensors header, found -"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}"#,
      "h: expected ] at byte 30 of the safetensors header, found ."
    ),
    (
      #"{"a":{"dtype":"F32","shape":[01],"data_offsets":[0,4]}}"#,
      "h: expected a whole number from 0 at byte 29 of the safetensors header, found 0"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[4611686018427387904,4,0],"data_offsets":[0,4]}}"#,
      "h: a: expected a size in whole bytes that can be counted, found another"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,4]}}"#,
      "h: a: expected a size in whole bytes that can be counted, found another"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[99999999999999999999999],"data_offsets":[0,4]}}"#,
      "h: a: expected a size in whole bytes that can be counted, found another"
    ),
    (
      #"{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,4]}}"#,
      "h: a: expected a size in whole bytes that can be counted, found another"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#,
      "h: a: expected 8 bytes for F32 [2], found 4"
    ),
    (
      #"{"a":{"dtype":"U8","shape":[3],"data_offsets":[1,4]}}"#,
      "h: a: expected to start at byte 0, after the tensor before it, found 1"
    ),
    (
      #"{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}"#,
      "h: b: expected to start at byte 3, after the tensor before it, found 2"
    ),
    (
      #"{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"b":{"dtype":"U8","shape":[4],"data_offsets":[4,0]}}"#,
      "h: b: expected to start at byte 0, after the tensor before it, found 4"
    ),
    (
      #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,9223372036854775807]}}"#,
      "h: a: expected 2 bytes for U8 [2], found 9223372036854775807"
    ),
    (
      #"{"a":{"dtype":"U8","shape":[5],"data_offsets":[0,5]}}"#,
      "h: expected 5 bytes of tensors, found 4; it is cut off or has been added to"
    ),
    (
      "{}", "h: expected 0 bytes of tensors, found 4; it is cut off or has been added to"
    ),
    (
      "{\"a\nb\":1}",
      "h: expected a character that is not a control character at byte 3 of the safetensors header, found byte 10"
    ),
    (#"{"\x":1}"#, "h: expected an escaped character at byte 3 of the safetensors header, found x"),
    (#"{"\u12g4":1}"#, "h: expected four hexadecimal digits at byte 6 of the safetensors header, found g"),
    (#"{"\ud800":1}"#, "h: expected a pair of surrogates at byte 8 of the safetensors header, found \""),
    (
      #"{"\ud800\u0041":1}"#,
      "h: expected a pair of surrogates at byte 14 of the safetensors header, found \""
    ),
    (
      #"{"\udc00\udc00":1}"#, "h: expected a pair of surrogates at byte 8 of the safetensors header, found \\"
    ),
    (
      #"{"\u000a\#(String(repeating: "y", count: 100))":{"shape":[1]}}"#,
      #"h: \n\#(String(repeating: "y", count: 79))…: expected dtype, shape and two data_offsets, found fewer or more"#
    ),
  ]

  @Test(arguments: refused.indices) func refuses(_ index: Int) throws {
    let (header, message) = Self.refused[index]
    let error = #expect(throws: WeightsError.self) {
      try SafetensorsReader.read(safetensors(header, body: [0, 0, 0, 0]), name: "h")
    }
    #expect(error?.description == message)
  }

  @Test func refusesLengthsThatTheFileDoesNotHave() {
    let cases: [([UInt8], String)] = [
      ([1, 2, 3], "h: expected a safetensors file, found 3 bytes, fewer than the 8 of the header's length"),
      (
        littleEndian(UInt64.max),
        "h: expected a safetensors header of at most 100000000 bytes, found 18446744073709551615; "
          + "check that it is a safetensors file"
      ),
      (
        littleEndian(UInt64(100_000_000)) + Array("{}".utf8),
        "h: expected a safetensors header of 100000000 bytes, found a file of 10; "
          + "it is cut off or not a safetensors file"
      ),
      (
        littleEndian(UInt64(3)) + [0x7b, 0xc3, 0x7d],
        "h: expected a safetensors header in UTF-8, found other bytes"
      ),
    ]
    for (bytes, message) in cases {
      let error = #expect(throws: WeightsError.self) { try SafetensorsReader.read(bytes, name: "h") }
      #expect(error?.description == message)
    }
  }

  @Test func readsEscapesSpacesAndUnorderedEntries() throws {
    let header = """
       { "\\ud83d\\ude00\\/\\n\\u00e9" : { "shape" : [ 2 , 1 ] , "data_offsets" : [ 2 , 4 ] , "dtype" : "U8" } ,
      \t"a":{"dtype":"BOOL","shape":[2],"data_offsets":[0,2]},"__metadata__":{"\\\\":"\\t\\b\\f\\r\\""},
      "empty":{"dtype":"F64","shape":[3,0],"data_offsets":[2,2]}} \r
      """
    let file = try SafetensorsReader.read(safetensors(header, body: [0, 1, 2, 3]), name: "h")
    #expect(file.entries.map(\.name) == ["a", "empty", "😀/\né"])
    #expect(file.entries.map(\.range) == [0..<2, 2..<2, 2..<4])
    #expect(file.metadata == ["\\": "\t\u{8}\u{c}\r\""])
    #expect(try file.tensor("😀/\né").elements == [2, 3])
    #expect(try file.tensor("empty").shape == [3, 0])
  }

  @Test func readsManyEntriesInLinearTime() throws {
    let entries = (0..<20_000).map {
      #""layer.\#($0)":{"dtype":"U8","shape":[300],"data_offsets":[\#(300 * $0),\#(300 * $0 + 300)]}"#
    }
    let bytes = safetensors(
      "{\(entries.joined(separator: ","))}", body: Array(repeating: 9, count: 6_000_000))
    let file = try SafetensorsReader.read(bytes, name: "h")
    #expect(try file.tensor("layer.19999").elements.last == 9)
    #expect(file.entry("layer.20000") == nil)
  }

  /// What a header describes takes no more memory than the file, or a mebibyte: entries without elements, and text.
  static let wasteful: [(what: String, header: @Sendable (Int) -> String)] = [
    (
      "empty tensors",
      { size in
        "{"
          + (0..<size / 60).map { #""\#($0)":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}"# }
          .joined(separator: ",") + "}"
      }
    ),
    (
      "empty tensors of many axes",
      { size in
        let shape = Array(repeating: "0", count: 64).joined(separator: ",")
        return "{"
          + (0..<size / 190).map { #""\#($0)":{"dtype":"F32","shape":[\#(shape)],"data_offsets":[0,0]}"# }
          .joined(separator: ",") + "}"
      }
    ),
    (
      "metadata",
      { size in
        #"{"__metadata__":{"# + (0..<size / 12).map { #""\#($0)":"""# }.joined(separator: ",") + "}}"
      }
    ),
    (
      "text with escapes",
      { size in #"{"__metadata__":{"a":""# + String(repeating: #"\n"#, count: size / 2) + #""}}"# }
    ),
  ]

  @Test(arguments: wasteful.indices) func limitsWhatAHeaderMakes(_ index: Int) throws {
    let (what, header) = Self.wasteful[index]
    let bytes = safetensors(header(2_000_000))
    let error = #expect(throws: WeightsError.self) { try SafetensorsReader.read(bytes, name: "h") }
    #expect(
      error?.description
        == "h: expected a safetensors header that takes at most \(bytes.count) bytes of memory, found more entries or "
        + "text; check that this is a file of weights", "\(what)")
    #expect(throws: Never.self, "\(what)") {
      try SafetensorsReader.read(safetensors(header(20_000)), name: "h")
    }
    // What this program writes for itself may describe more than its size.
    #expect(throws: Never.self, "\(what)") { try SafetensorsReader.read(bytes, name: "h", isOwn: true) }
  }

  /// A tensor takes 320 bytes, each of its axes 16, and a name of more than 15 bytes itself three times and a bit.
  @Test func chargesNamesAndAxes() throws {
    let shape = Array(repeating: "0", count: 64).joined(separator: ",")
    let name = String(repeating: "n", count: 900)
    let kinds: [(what: String, bytes: Int, entry: (Int) -> String)] = [
      ("axes", 320 + 64 * 16, { #""\#($0)":{"dtype":"F32","shape":[\#(shape)],"data_offsets":[0,0]}"# }),
      (
        "names", 320 + 16 + 3 * (906 + 48),
        { #""\#(100_000 + $0)\#(name)":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}"# }
      ),
    ]
    for (what, each, entry) in kinds {
      func file(bytes: Int) -> [UInt8] {
        let entries = (0..<2000).map(entry).joined(separator: ",")
        func header(_ body: Int) -> String {
          #"{\#(entries),"z":{"dtype":"U8","shape":[\#(body)],"data_offsets":[0,\#(body)]}}"#
        }
        let body = bytes - safetensors(header(1_000_000)).count
        return safetensors(header(body), body: [UInt8](repeating: 0, count: body))
      }
      let error = #expect(throws: WeightsError.self) {
        try SafetensorsReader.read(file(bytes: 2000 * each * 9 / 10), name: "h")
      }
      #expect(error?.description.contains("bytes of memory") == true, "\(what)")
      #expect(
        try SafetensorsReader.read(file(bytes: 2000 * each * 11 / 10), name: "h").entries.count == 2001,
        "\(what)")
    }
  }

  /// Characters of several bytes at every place where a header is cut into parts to be looked at.
  @Test func takesLongTextOfAnyLanguage() throws {
    for shift in 0..<4 {
      let text = String(repeating: "x", count: shift) + String(repeating: "🔬", count: 50_000)
      let file = try SafetensorsReader.read(safetensors(#"{"__metadata__":{"a":"\#(text)"}}"#), name: "h")
      #expect(file.metadata["a"] == text)
    }
    // Bytes that only go on with a character, and more of them than a part has.
    let broken = littleEndian(UInt64(200_000)) + [UInt8](repeating: 0x80, count: 200_000)
    let error = #expect(throws: WeightsError.self) { try SafetensorsReader.read(broken, name: "h") }
    #expect(error?.description == "h: expected a safetensors header in UTF-8, found other bytes")
  }

  /// To bring marks into one order takes the square of their number; as many as this would take minutes.
  @Test func refusesLongRowsOfCombiningMarks() {
    let marks = String(repeating: "\u{301}", count: 300_000) + String(repeating: "\u{316}", count: 300_000)
    let escaped = String(repeating: #"\u0301"#, count: 31)
    let pairs = String(repeating: #"\ud834\udd65"#, count: 31)
    for header in [
      #"{"\#(marks)":1}"#, #"{"__metadata__":{"a":"\#(marks)"}}"#, #"{"\#(escaped)":1}"#, #"{"\#(pairs)":1}"#,
    ] {
      let error = #expect(throws: WeightsError.self) {
        try SafetensorsReader.read(safetensors(header), name: "h")
      }
      #expect(
        error?.description
          == "h: expected text with at most 30 combining marks in a row at byte 0 of the safetensors header, found more"
      )
    }
    // Thirty are enough for every language, and what is no mark ends a row.
    let thirty = String(repeating: "e" + String(repeating: "\u{301}", count: 30), count: 100)
    let mixed = String(repeating: #"\u0301\n\\u0301"#, count: 50)
    for text in [thirty, mixed] {
      let header = #"{"__metadata__":{"a":"\#(text)"}}"#
      #expect(throws: Never.self) { try SafetensorsReader.read(safetensors(header), name: "h") }
    }
  }
}
