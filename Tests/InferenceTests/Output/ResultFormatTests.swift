import Inference
import Testing

@Suite struct ResultFormatTests {
  @Test func lists() throws {
    #expect(try ResultFormat.list("mask") == [.mask])
    #expect(
      try ResultFormat.list("json,probabilities,color,overlay,mask")
        == [.json, .probabilities, .color, .overlay, .mask])
    #expect(try ResultFormat.list("mask,mask,,json,") == [.mask, .json])
  }

  @Test(arguments: [
    ("", ""), (",", ","), ("png", "png"), ("mask,Overlay", "Overlay"), ("mask, json", " json"),
  ])
  func wrong(list: String, found: String) {
    #expect(
      message { try ResultFormat.list(list) }
        == "--format: expected mask, overlay, color, probabilities, json, found '\(found)'")
  }

  @Test func suffixes() {
    #expect(
      ResultFormat.allCases.map(\.suffix)
        == [".mask.png", ".overlay.png", ".color.png", ".probabilities.safetensors", ".classes.json"])
  }
}
