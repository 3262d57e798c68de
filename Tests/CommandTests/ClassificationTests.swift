import Foundation
import Images
import TensorCore
import Testing
import Weights

@Suite struct ClassificationTests {
  @Test func fromFoldersToClasses() throws {
    let place = try Workplace()
    try place.classFolders()
    let trained = try place.segment("train", "classes.yaml", "--output", "out")
    #expect(trained.status == 0)
    #expect(trained.errorLines.count == 5, "a title and a line for each epoch")
    #expect(
      trained.errorLines.dropFirst().allSatisfy { $0.contains("  top-1 ") && $0.contains("  top-5 1.0000") })
    #expect(trained.text.hasPrefix("best epoch "))

    let evaluated = try place.segment(
      "evaluate", "--data", "folders.yaml", "--weights", "out/best.safetensors", "--json")
    #expect(evaluated.status == 0 && evaluated.error.isEmpty)
    let value = try json(evaluated)
    #expect(
      Set(value.keys) == [
        "model", "data", "images", "top1", "top5", "class_accuracy", "classes", "confusion",
      ])
    #expect(value["images"] as? Int == 8 && value["top1"] as? Double == 1 && value["top5"] as? Double == 1)
    #expect(value["confusion"] as? [[Int]] == [[4, 0], [0, 4]])
    let classes = try #require(value["classes"] as? [[String: Any]])
    #expect(classes.map { $0["name"] as? String } == ["dark", "light"])
    #expect(classes.map { $0["accuracy"] as? Double } == [1, 1])
    let table = try place.segment(
      "evaluate", "--data", "folders.yaml", "--weights", "out/best.safetensors", "--threads", "1")
    #expect(table.status == 0 && table.text.hasSuffix("top-1 1.0000  top-5 1.0000  class accuracy 1.0000\n"))
    #expect(table.text.hasPrefix("out/best.safetensors on shades/val, 8 images\n"))

    let both = try place.segment(
      "evaluate", "--data", "folders.yaml", "--weights", "out/best.safetensors", "--weights",
      "out/last.safetensors")
    #expect(both.text.hasPrefix("out/best.safetensors, out/last.safetensors on shades/val, 8 images\n"))
    #expect(both.status == 0 && both.text.hasSuffix("top-1 1.0000  top-5 1.0000  class accuracy 1.0000\n"))

    // Small pictures are padded as in training.
    let classified = try place.segment(
      "classify", "classes/light/1.png", "--weights", "out/best.safetensors", "--top", "1")
    #expect(classified.status == 0 && classified.text.contains("  light  "))
  }

  /// A network starts from the input that its public weights know, unless the recipe says another.
  @Test func normalizationOfTheArchitecture() throws {
    let place = try Workplace()
    try place.classFolders()
    func trained(_ arguments: String...) throws -> Checkpoint {
      let words =
        ["train", "classes.yaml", "--set", "input.size=32x32", "--set", "epochs=1", "--set", "batch=8"]
        + arguments
      let outcome = try Segment.run(words, in: place.path)
      #expect(outcome.status == 0, "\(outcome.error)")
      let checkpoint = try Checkpoint.read("\(place.path)/\(arguments[arguments.count - 1])/last.safetensors")
      return checkpoint
    }
    let half = Normalization(mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5])
    #expect(try trained("--set", "model={name: googlenet}", "--output", "a").normalization == half)
    #expect(try trained("--set", "model={name: mlp, hidden1: 8}", "--output", "b").normalization == .imageNet)
    let own = try trained(
      "--set", "model={name: googlenet}", "--set", "normalization={mean: [0.1], deviation: [0.2]}",
      "--output", "c")
    #expect(own.normalization == Normalization(mean: [0.1, 0.1, 0.1], deviation: [0.2, 0.2, 0.2]))
  }

  /// Layers that are frozen as they start were trained to nothing.
  @Test func frozenRandomLayersAreSaid() throws {
    let place = try Workplace()
    try place.classFolders()
    let frozen = try place.segment(
      "train", "classes.yaml", "--set", "freeze=[fc1]", "--set", "epochs=1", "--output", "out")
    let note =
      "frozen layers keep random values; name what they were trained to with --init-backbone, or with "
      + "initial_backbone or initial in the recipe"
    #expect(frozen.status == 0)
    #expect(frozen.error.hasPrefix(note + "\n"))
    let free = try place.segment("train", "classes.yaml", "--set", "epochs=1", "--output", "free")
    #expect(free.status == 0)
    #expect(!free.error.contains("frozen"))
  }

  @Test func dataOfTheOtherKind() throws {
    let place = try Workplace()
    try place.classFolders()
    try place.dataset()
    try place.classifier()
    let masks =
      "halves/train: expected images with a class each for mlp, found images with masks; use other data, or a network "
      + "that gives every pixel a class"
    let classes =
      "shades/train: expected images with masks for unet, found images with a class each; use other data, or a network "
      + "that gives an image a class"
    try expectFailure(place, "train", "recipe.yaml", "--set", "model={name: mlp}", says: masks)
    try expectFailure(place, "train", "classes.yaml", "--set", "model={name: unet}", says: classes)
    try expectFailure(
      place, "evaluate", "--data", "set.yaml", "--split", "train", "--weights", "mlp.safetensors", says: masks
    )
    try expectFailure(
      place, "evaluate", "--data", "folders.yaml", "--split", "train", "--weights", "w.safetensors",
      says: classes)
    try place.classifier("three.safetensors")
    try expectFailure(
      place, "evaluate", "--data", "folders.yaml", "--weights", "three.safetensors",
      says:
        "shades/val: expected the 3 classes of the model, found 2; use other data, or a model of their classes"
    )
  }
}

extension Workplace {
  /// Dark and light pictures of 5 × 6 in a folder for each class, `folders.yaml`, and a recipe for it, `classes.yaml`.
  func classFolders() throws {
    for (name, level) in [("dark", 20), ("light", 200)] {
      for index in 0..<4 {
        let samples = (0..<90).map { UInt8(level + ($0 * 7 + index * 13) % 40) }
        try PictureWriter.write(
          Raster(width: 5, height: 6, channels: 3, samples: .eight(samples)),
          to: "\(path)/classes/\(name)/\(index).png")
      }
    }
    try write(
      """
      name: shades
      format: folders
      root: .
      splits:
        train: {images: classes}
        val: {images: classes}
      """, "folders.yaml")
    try write(
      """
      name: shades
      model: {name: mlp, hidden1: 8, hidden2: 8, dropout: 0}
      data: {dataset: folders.yaml}
      validation: {dataset: folders.yaml}
      input: {size: 8x8, fit: pad}
      batch: 2
      epochs: 4
      optimiser: {name: adam, rate: 0.01}
      """, "classes.yaml")
  }
}
