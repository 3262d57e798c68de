import Foundation
import Testing
import Weights

@Suite struct TrainTests {
  @Test func trainsAndResumes() throws {
    let place = try Workplace()
    try place.dataset()
    let outcome = try place.segment("train", "recipe.yaml", "--output", "out", "--set", "model.width=1")
    #expect(outcome.status == 0)
    #expect(outcome.text.hasPrefix("best epoch "))
    #expect(outcome.text.hasSuffix(" → out/best.safetensors\n"))
    #expect(outcome.errorLines.first?.hasPrefix("tiny: unet, 4 images of halves/train, ") == true)
    #expect(outcome.errorLines.count == 3, "a title and a line for each epoch")
    let made = place.files.filter { $0.hasPrefix("out/") }
    #expect(
      made == [
        "out/best.safetensors", "out/history.csv", "out/history.html", "out/last.safetensors",
        "out/state.previous.safetensors",
        "out/state.safetensors",
      ])
    let best = try Checkpoint.read("\(place.path)/out/best.safetensors")
    #expect(best.architecture == "unet" && best.arguments == ["width": "1", "depth": "1", "classes": "2"])
    #expect(best.classes == ["ground", "block"] && best.palette.count == 2)
    #expect(best.provenance["licence"] == "halves: CC0")

    try expectFailure(
      place, "train", "recipe.yaml", "--output", "out", "--set", "model.width=1",
      says:
        "out: expected a new folder, found a training in it; go on with --resume or choose another --output")
    let again = try place.segment(
      "train", "recipe.yaml", "--output", "out", "--set", "model.width=1", "--resume")
    #expect(again.status == 0 && again.text == outcome.text && again.error.isEmpty)

    // What was trained needs no other flag.
    let predicted = try place.segment(
      "images/0.png", "--weights", "out/best.safetensors", "--output", "m.png")
    #expect(predicted.status == 0 && place.exists("m.png"))
  }

  @Test func sameBytesOnAnyThreads() throws {
    let place = try Workplace()
    try place.dataset()
    for threads in ["1", "2"] {
      let outcome = try place.segment(
        "train", "recipe.yaml", "--output", "out\(threads)", "--threads", threads)
      #expect(outcome.status == 0)
    }
    let first = place.read("out1/last.safetensors")
    #expect(first != nil && place.read("out2/last.safetensors") == first)
  }

  @Test func initialWeights() throws {
    let place = try Workplace()
    try place.dataset(recipeLines: "initial: w.safetensors")
    #expect(try place.segment("train", "recipe.yaml", "--output", "out").status == 0)
    try place.checkpoint("w.safetensors", depth: 2)
    let outcome = try place.segment("train", "recipe.yaml", "--output", "other")
    #expect(outcome.status == 1 && outcome.errorLines.count == 1 && !place.exists("other"))
    #expect(
      outcome.error.hasPrefix("Error: w.safetensors: expected the 34 parameters of unet, found 22 unexpected")
    )
  }

  @Test func badRecipes() throws {
    let place = try Workplace()
    try place.dataset(recipeLines: "epoch: 3")
    try expectFailure(
      place, "train", "recipe.yaml",
      says:
        "recipe.yaml: expected one of the keys name, model, initial, initial_backbone, data, validation, input, "
        + "normalization, augment, batch, epochs, freeze, cache_features, stages, seed, optimiser, schedule, loss, "
        + "batch_norm, accumulate, clip, average, early_stopping, keep, time_limit, save_every, tensorboard, folds, "
        + "found 'epoch'; correct its spelling or remove it"
    )
    try expectFailure(
      place, "train", "nowhere.yaml", says: "nowhere.yaml: expected a file, found nothing; check the path")
    try place.dataset(recipeLines: "loss: {weights: [1, 2, 3]}")
    try expectFailure(
      place, "train", "recipe.yaml",
      says: "recipe.yaml: loss.weights: expected a weight for each of 2 classes, found 3")
    try place.dataset()
    try expectFailure(
      place, "train", "recipe.yaml", "--set", "model.name=nonet",
      says:
        "recipe.yaml: model.name: expected one of \(knownModels), found 'nonet'; 'segment models' describes them"
    )
    try expectFailure(
      place, "train", "recipe.yaml", "--set", "model.width=0",
      says: "recipe.yaml: unet: expected width of 1…512, found '0'")
    try expectFailure(
      place, "train", "recipe.yaml", "--set", "data.split=test",
      says: "set.yaml: expected one of the splits train, val, found 'test'")
    try expectFailure(
      place, "train", "recipe.yaml", "--resume",
      says: "output/tiny: expected state.safetensors of a training to resume, found none; leave --resume out")
    try place.write("a: [1", "broken.yaml")
    let broken = try place.segment("train", "broken.yaml")
    #expect(broken.status == 1 && broken.output.isEmpty && broken.errorLines.count == 1)
    #expect(broken.error.hasPrefix("Error: broken.yaml:2: expected YAML, found: "))
  }

  @Test func badData() throws {
    let place = try Workplace()
    try place.dataset(label: 7)
    let label = "expected labels 0…1, found 7 in "
    let train = try place.segment("train", "recipe.yaml", "--output", "out")
    #expect(train.status == 1 && train.output.isEmpty && train.errorLines.count == 5 && !place.exists("out"))
    #expect(train.errorLines[0] == "masks/0.png: \(label)64 pixels; map it under 'labels:' in set.yaml")
    #expect(
      train.errorLines[4]
        == "Error: data: expected sound samples, found the 4 faults above; 'segment dataset check' also finds label maps"
    )
    try expectFailure(
      place, "evaluate", "--data", "set.yaml", "--weights", "w.safetensors",
      says: "masks/0.png: \(label)64 pixels; map it under 'labels:' in set.yaml")
    try place.dataset(maskHeight: 8)
    let size = "expected a mask of 16x16 as its image, found 16x8; export it at the size of images/"
    try expectFailure(
      place, "evaluate", "--data", "set.yaml", "--weights", "w.safetensors",
      says: "masks/0.png: \(size)0.png")
    let sizes = try place.segment("train", "recipe.yaml", "--output", "out")
    #expect(
      sizes.status == 1 && sizes.errorLines.count == 5 && sizes.error.contains(size) && !place.exists("out"))
    // One fault alone is the error.
    try place.dataset()
    try place.write("no picture", "masks/2.png")
    let one = try place.segment("train", "recipe.yaml", "--output", "out")
    #expect(
      one.errorLines.count == 1 && one.error.hasPrefix("Error: ./masks/2.png: expected a PNG or JPEG image"))
  }

  /// Batches that no memory holds are refused before any is prepared.
  @Test func tooLargeBatches() throws {
    let place = try Workplace()
    try place.dataset(recipeLines: "augment: [{crop: {width: 8192, height: 8192}}]")
    let outcome = try place.segment(
      "train", "recipe.yaml", "--output", "out", "--set", "batch=4000", "--set",
      "data={dataset: set.yaml, repeat: 1000}")
    #expect(outcome.status == 1 && outcome.output.isEmpty)
    #expect(outcome.errorLines.last?.contains("memory") == true, "\(outcome.error)")
    #expect(!place.exists("out"))
  }

  /// Masks of 0 and 255 leave nothing to learn where 255 is no class.
  @Test func blackAndWhiteMasks() throws {
    let place = try Workplace()
    try place.dataset(label: 255)
    let description = try #require(place.read("set.yaml"))
    try place.write(description + Array("\nignore: 255\n".utf8), "set.yaml")
    try expectFailure(
      place, "train", "recipe.yaml", "--output", "out",
      says:
        "images/0.png: expected masks with both classes, found 0 and 255 alone in this one and all others, of which 255 "
        + "is ignored; write 'labels: {255: 1}' into set.yaml if 255 is the class 1")
  }

  @Test func divergence() throws {
    let place = try Workplace()
    try place.dataset()
    let outcome = try place.segment(
      "train", "recipe.yaml", "--output", "out", "--set", "optimiser={name: sgd, rate: 1e+38}", "--set",
      "batch=1")
    #expect(outcome.status == 1 && outcome.output.isEmpty)
    #expect(outcome.errorLines.last?.hasPrefix("Error: epoch 1, step ") == true)
    #expect(
      outcome.errorLines.last?.hasSuffix("; lower optimiser.rate, or check the data") == true)
    #expect(!place.exists("out"))
  }
}
