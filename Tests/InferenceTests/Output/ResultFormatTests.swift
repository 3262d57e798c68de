import Inference
import Testing

@Suite struct ResultFormatTests {
  @Test func lists() throws {
    #expect(try ResultFormat.list("mask") == [.mask])
    #expect(
      try ResultFormat.list("json,probabilities,color,overlay,mask")
        == [.json, .probabilities, .color, .overlay, .mask])
    #expect(try ResultFormat.list("mask,mask,,json,") == [.mask, .json])
    #expect(try ResultFormat.list("mask, json ,color") == [.mask, .json, .color])
  }

  @Test(arguments: [
    ("", ""), (",", ","), ("png", "png"), ("mask,Overlay", "Overlay"), ("mask,, jsn", "jsn"),
  ])
  func wrong(list: String, found: String) {
    #expect(
      message { try ResultFormat.list(list) }
        == "--format: expected mask, overlay, color, cutout, probabilities, probability-maps, json, found '\(found)'"
    )
  }

  @Test func suffixes() {
    #expect(
      ResultFormat.allCases.map(\.suffix)
        == [
          ".mask.png", ".overlay.png", ".color.png", ".cutout.png", ".probabilities.safetensors",
          ".probabilities.png", ".classes.json",
        ])
  }

  @Test func namesOfProbabilityMaps() {
    let classes = ["sky", "tree/leaf", "Sky", "", "日本-1"]
    #expect(
      ResultFormat.probabilityMaps.suffixes(classes: classes) == [
        ".probabilities.sky_0.png", ".probabilities.tree_leaf.png", ".probabilities.Sky_2.png",
        ".probabilities._3.png", ".probabilities.日本-1.png",
      ])
    #expect(
      ResultFormat.probabilityMaps.suffixes(classes: classes, chosen: [1]) == [".probabilities.tree_leaf.png"]
    )
    #expect(ResultFormat.cutout.suffixes(classes: classes) == [".cutout.png"])
  }

  @Test func namesOfResults() {
    #expect(ResultFormat.stems(ofResult: "d.e/a.cutout.png") == ["d.e/a"])
    #expect(ResultFormat.stems(ofResult: "d/a.b.probabilities.sky.png") == ["d/a.b"])
    #expect(ResultFormat.stems(ofResult: "d/a.probabilities.safetensors") == ["d/a"])
    for name in ["a.png", "probabilities.sky.png", "a.probability.sky.png"] {
      #expect(ResultFormat.stems(ofResult: name).isEmpty)
    }
  }
}
