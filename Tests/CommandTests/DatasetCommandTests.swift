import Images
import Testing

@Suite struct DatasetCommandTests {
  @Test func synthesizeTwiceGivesTheSameBytes() throws {
    let place = try Workplace()
    for folder in ["a", "b"] {
      let outcome = try place.segment(
        "dataset", "synthesize", "streets", "--count", "5", "--size", "48x64", "--seed", "9", "--output",
        folder)
      #expect(outcome.status == 0 && outcome.error.isEmpty)
      #expect(outcome.text == "5 scenes → \(folder)/dataset.yaml\n")
    }
    let names = place.files.filter { $0.hasPrefix("a/") }.map { String($0.dropFirst(2)) }
    #expect(names.count == 11)
    for name in names { #expect(place.read("a/\(name)") == place.read("b/\(name)")) }
    let image = try ImageReader.read("\(place.path)/a/images/00000.png")
    #expect(image.height == 48 && image.width == 64)
    #expect(place.read("a/images/00000.png") != place.read("a/images/00001.png"))
  }

  @Test func failures() throws {
    let place = try Workplace()
    try expectFailure(
      place, "dataset", "synthesize", "forests", "--output", "out",
      says: "scenes: expected one of streets, found 'forests'")
    try expectFailure(
      place, "dataset", "synthesize", "streets", "--size", "8x64", "--output", "out",
      says: "height: expected a whole number in 16…4096, found 8")
    try expectFailure(
      place, "dataset", "synthesize", "streets", "--count", "0", "--output", "out",
      says: "count: expected a whole number in 1…100000, found 0")
    try place.picture("full/images/a.png")
    try expectFailure(
      place, "dataset", "synthesize", "streets", "--output", "full",
      says:
        "full/images: expected an empty folder to write scenes to, found pictures; choose another with --output"
    )
  }
}

@Suite struct DatasetCheckCommandTests {
  @Test func statusAndText() throws {
    let place = try Workplace()
    try place.dataset()
    let sound = try place.segment("dataset", "check", "set.yaml")
    #expect(sound.status == 0 && sound.error.isEmpty)
    #expect(
      sound.text == """
        halves: train 4, val 2

        duplicates across splits: 1
          warning: splits 'train' and 'val' share 2 samples; train and validate on others

        0 to mend, 1 warning

        """)
    try place.dataset(label: 255)
    let broken = try place.segment("dataset", "check", "set.yaml")
    #expect(broken.status == 1 && broken.error.isEmpty)
    #expect(
      broken.text.contains(
        "  masks/0.png: expected labels 0…1, found 255 in 64 pixels; map it under 'labels:' in set.yaml\n"))
    #expect(broken.text.contains("\n\n    labels: {255: 1}\n"))
    let json = try place.segment("dataset", "check", "set.yaml", "--json")
    #expect(json.status == 1 && json.text.contains("\"labels\" : {\n    \"255\" : \"1\"\n  }"))

    let fixed = try place.segment("dataset", "check", "set.yaml", "--fix")
    #expect(fixed.status == 0 && fixed.error == "set.yaml: wrote 'labels: {255: 1}'\n")
    #expect(
      String(decoding: place.read("set.yaml") ?? [], as: UTF8.self).contains("labels: {255: 1}\nsplits:"))
    #expect(try place.segment("train", "recipe.yaml", "--output", "out").status == 0)

    // A guess is shown, and left to a person.
    try place.dataset(label: 7)
    try MaskWriter.write(
      Mask(width: 16, height: 16, labels: [UInt8](repeating: 9, count: 256)), to: "\(place.path)/masks/1.png")
    let before = place.read("set.yaml")
    let guess = try place.segment("dataset", "check", "set.yaml", "--fix")
    #expect(
      guess.status == 1
        && guess.error
          == "set.yaml: wrote nothing, because 'labels: {7: ignore, 9: ignore}' is a guess; add it by hand if it is right\n"
    )
    #expect(place.read("set.yaml") == before)
  }

  @Test func failures() throws {
    let place = try Workplace()
    try expectFailure(
      place, "dataset", "check", "no.yaml", says: "no.yaml: expected a file, found nothing; check the path")
  }
}

@Suite struct DatasetStatsCommandTests {
  @Test func tableAndJSON() throws {
    let place = try Workplace()
    try place.dataset()
    let text = try place.segment("dataset", "stats", "set.yaml")
    #expect(text.status == 0 && text.error.isEmpty)
    #expect(
      text.text.hasPrefix("halves/train: 4 images\n\n  class         pixels         share        images\n"))
    #expect(text.text.contains("\n  16x16: 4\n"))
    #expect(text.text.contains("\n    loss: {weights: [0.889, 1.143]}  # median frequency\n"))
    #expect(text.text.contains("\n    normalization: {mean: ["))
    // A weight never becomes 0 by rounding.
    try place.write(
      try MaskWriter.png(Mask(width: 16, height: 16, labels: (0..<256).map { $0 == 7 ? 1 : 0 })),
      "masks/0.png")
    for name in ["1", "2", "3"] {
      try place.write(
        try MaskWriter.png(Mask(width: 16, height: 16, labels: [UInt8](repeating: 0, count: 256))),
        "masks/\(name).png")
    }
    let rare = try place.segment("dataset", "stats", "set.yaml")
    #expect(rare.text.contains("\n    loss: {weights: [0.00195, 1.998]}  # inverse\n"), "\(rare.text)")
    let json = try place.segment("dataset", "stats", "set.yaml", "--split", "val", "--json", "--threads", "1")
    #expect(json.status == 0 && json.text.contains("\"data\" : \"halves/val\""))
    try expectFailure(
      place, "dataset", "stats", "set.yaml", "--split", "test",
      says: "set.yaml: expected one of the splits train, val, found 'test'")
  }
}

@Suite struct DatasetPreviewCommandTests {
  @Test func sheets() throws {
    let place = try Workplace()
    try place.dataset(recipeLines: "augment: [{crop: {width: 8, height: 8}}]")
    let plain = try place.segment("dataset", "preview", "set.yaml", "--output", "sheet.png")
    #expect(plain.status == 0 && plain.text == "4 of 4 samples → sheet.png\n")
    let sheet = try ImageReader.read("\(place.path)/sheet.png")
    #expect(sheet.width == 2 * 390 + 6 && sheet.height > 2 * 211)
    let changed = try place.segment(
      "dataset", "preview", "set.yaml", "--recipe", "recipe.yaml", "--count", "3", "--split", "val",
      "--output",
      "other.png")
    #expect(changed.status == 0 && changed.text == "2 of 2 samples → other.png\n")
    #expect(place.read("sheet.png") != place.read("other.png"))
    // The recipe changes what is shown, its seed too.
    func train(_ recipe: String) throws -> [UInt8]? {
      try place.write("\(recipe)\n", "changed.yaml")
      let outcome = try place.segment(
        "dataset", "preview", "set.yaml", "--recipe", "changed.yaml", "--output", "changed.png")
      #expect(outcome.status == 0, "\(outcome.error)")
      return place.read("changed.png")
    }
    let recipe = String(decoding: try #require(place.read("recipe.yaml")), as: UTF8.self)
    let seen = try train(recipe)
    #expect(seen != place.read("sheet.png"))
    #expect(try train(recipe) == seen && train(recipe + "\nseed: 7") != seen)
    #expect(
      try place.segment("dataset", "preview", "set.yaml", "--count", "0", "--output", "x.png").status == 64)
  }
}
