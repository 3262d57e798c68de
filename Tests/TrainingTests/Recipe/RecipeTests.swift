import Augmentation
import Datasets
import Files
import Foundation
import TensorCore
import Testing
import Training

@Suite struct RecipeTests {
  private func recipe(_ text: String) throws(DatasetError) -> Recipe {
    try Recipe(try ConfigurationNode.parse(text, file: "a.yaml"), folder: "sets")
  }

  private let least = """
    model: {name: unet}
    data: {dataset: set.yaml}
    epochs: 3
    optimiser: {name: sgd, rate: 0.5}

    """

  @Test func everyRecipeOfTheProjectIsRead() throws {
    let folder = "\(packageFolder)/Configs"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".yaml") }
    #expect(names.count >= 3)
    for name in names {
      let recipe = try Recipe.read("\(folder)/\(name)")
      #expect("\(recipe.name).yaml" == name)
      for part in recipe.data + (recipe.validation.map { [$0] } ?? []) {
        let description = try DatasetDescription.read(part.dataset)
        #expect(description.splits.contains(part.split))
        for case .crossEntropy(.some(let weights), _) in recipe.losses.map(\.kind) {
          #expect(weights.count == description.classes.count)
        }
      }
    }
  }

  @Test func whatIsLeftOutHasStandardValues() throws {
    let recipe = try recipe(least)
    #expect(recipe.name == "a" && recipe.model == "unet" && recipe.arguments.isEmpty)
    #expect(recipe.data.map(\.dataset) == ["sets/set.yaml"])
    #expect(recipe.data[0].split == "train" && recipe.data[0].repeats == 1)
    #expect(
      recipe.validation == nil && recipe.initialWeights == nil && recipe.initialBackbone == nil
        && recipe.augmentation.isEmpty)
    #expect(recipe.normalization == .imageNet && recipe.batch == 4 && recipe.seed == 0)
    #expect(
      recipe.optimiser == .sgd(momentum: 0.9, nesterov: false) && recipe.rate == 0.5 && recipe.decay == 0)
    #expect(recipe.schedule == .constant && recipe.warmup == 0)
    #expect(recipe.losses == [LossTerm(.crossEntropy(weights: nil, smoothing: 0))])
  }

  @Test func everyKey() throws {
    let recipe = try recipe(
      """
      name: all
      model: {name: unet, width: 16, depth: 3}
      initial: /weights/a.safetensors
      data:
        - {dataset: /a.yaml, split: most, repeat: 2}
        - {dataset: ../b.yaml}
      validation: {dataset: b.yaml}
      normalization: {mean: [0, 0.5, 1], deviation: [1, 2, 4]}
      augment: [{flip: vertical}, {crop: {width: 32, height: 16}}]
      batch: 2
      epochs: 7
      seed: 18446744073709551615
      optimiser: {name: adamw, rate: 0.25, decay: 0.125, beta1: 0.5, beta2: 0.75, epsilon: 0.0625}
      schedule: {name: polynomial, power: 2, warmup: 9}
      loss: {weights: [1, 0.5], smoothing: 0.25}
      """)
    #expect(recipe.name == "all" && recipe.arguments == ["width": "16", "depth": "3"])
    #expect(recipe.initialWeights == "/weights/a.safetensors")
    #expect(recipe.data.map(\.dataset) == ["/a.yaml", "sets/../b.yaml"])
    #expect(recipe.data.map(\.split) == ["most", "train"] && recipe.data.map(\.repeats) == [2, 1])
    #expect(recipe.validation?.dataset == "sets/b.yaml" && recipe.validation?.split == "val")
    #expect(recipe.normalization == Normalization(mean: [0, 0.5, 1], deviation: [1, 2, 4]))
    #expect(
      recipe.augmentation == [
        AugmentationStep(.flip(.vertical)), AugmentationStep(.crop(width: 32, height: 16)),
      ])
    #expect(recipe.batch == 2 && recipe.epochs == 7 && recipe.seed == .max)
    #expect(recipe.optimiser == .adam(beta1: 0.5, beta2: 0.75, epsilon: 0.0625, decoupled: true))
    #expect(recipe.rate == 0.25 && recipe.decay == 0.125)
    #expect(recipe.schedule == .polynomial(power: 2) && recipe.warmup == 9)
    #expect(recipe.losses == [LossTerm(.crossEntropy(weights: [1, 0.5], smoothing: 0.25))])
  }

  @Test func schedules() throws {
    #expect(
      try recipe(least + "schedule: {name: step, epochs: 4}").schedule == .step(epochs: 4, factor: 0.1))
    #expect(
      try recipe(least + "schedule: {name: plateau, patience: 2, factor: 0.5}").schedule
        == .plateau(patience: 2, factor: 0.5))
    #expect(try recipe(least + "schedule: {name: constant}").schedule == .constant)
    #expect(
      try recipe(least + "schedule: {name: multi-step, epochs: [2, 5], factor: 0.5}").schedule
        == .multiStep(epochs: [2, 5], factor: 0.5))
    #expect(try recipe(least + "schedule: {name: cosine, floor: 0.5}").schedule == .cosine(floor: 0.5))
    #expect(
      try recipe(least + "schedule: {name: one-cycle}").schedule
        == .oneCycle(rise: 0.3, start: 0.04, end: 4e-6))
    #expect(try recipe(least).batchNormMomentum == 0.1)
    #expect(try recipe(least + "batch_norm: {momentum: 0.02}").batchNormMomentum == 0.02)
  }

  @Test func theLoop() throws {
    #expect(try recipe(least).loop == LoopSettings())
    let loop = try recipe(
      least + """
        accumulate: 4
        clip: 0.5
        average: 0.75
        early_stopping: {patience: 3, gain: 0.25}
        keep: 2
        time_limit: 1.5h
        save_every: 20
        tensorboard: true
        folds: {count: 5, index: 4, seed: 7}
        """
    ).loop
    #expect(loop.accumulation == 4 && loop.clip == 0.5 && loop.average == 0.75 && loop.kept == 2)
    #expect(loop.earlyStopping?.patience == 3 && loop.earlyStopping?.gain == 0.25)
    #expect(loop.timeLimit == 5400 && loop.saveInterval == .steps(20) && loop.writesEvents)
    #expect(loop.fold == LoopSettings.Fold(count: 5, index: 4, seed: 7))
    #expect(try recipe(least + "save_every: 90s").loop.saveInterval == .seconds(90))
    #expect(try recipe(least + "time_limit: 30m").loop.timeLimit == 1800)
  }

  @Test(arguments: [
    ("clip: 0", "a.yaml: expected a number above 0 under 'clip', found '0'"),
    ("average: 1", "a.yaml: expected a decay in 0..<1, such as 0.999 under 'average', found '1'"),
    ("accumulate: 0", "a.yaml: expected a whole number in 1…4096 under 'accumulate', found '0'"),
    (
      "early_stopping: {}",
      "a.yaml: expected 'early_stopping.patience' (epochs to wait for a better score), found no such key; add it"
    ),
    ("time_limit: 30", "a.yaml: expected a time such as 90s, 30m or 1.5h under 'time_limit', found '30'"),
    ("time_limit: -1m", "a.yaml: expected a time such as 90s, 30m or 1.5h under 'time_limit', found '-1m'"),
    ("time_limit: nanm", "a.yaml: expected a time such as 90s, 30m or 1.5h under 'time_limit', found 'nanm'"),
    (
      "save_every: 0",
      "a.yaml: expected a number of steps above 0, or a time such as 10m under 'save_every', found '0'"
    ),
    (
      "folds: {count: 1, index: 0}",
      "a.yaml: expected a whole number in 2…1000 under 'folds.count', found '1'"
    ),
    ("folds: {count: 3, index: 3}", "a.yaml: expected a whole number in 0…2 under 'folds.index', found '3'"),
    (
      "folds: {count: 3, index: 1}\nvalidation: {dataset: b}",
      "a.yaml: expected either 'folds' or 'validation' under 'folds', found a mapping"
    ),
    (
      "schedule: {name: multi-step, epochs: [3, 3]}",
      "a.yaml: expected epochs that rise under 'schedule.epochs', found a list"
    ),
  ]) func wrongLoops(line: String, expected: String) {
    #expect(message { try recipe(least + line) } == expected)
  }

  @Test(arguments: [
    (
      "batchsize: 2",
      "a.yaml: expected one of the keys name, model, initial, initial_backbone, data, validation, input, "
        + "normalization, augment, batch, epochs, freeze, cache_features, stages, seed, optimiser, schedule, loss, "
        + "batch_norm, accumulate, clip, average, early_stopping, keep, time_limit, save_every, tensorboard, folds, "
        + "found 'batchsize'; correct its spelling or remove it"
    ),
    (
      "loss: {wieghts: [1]}",
      "a.yaml: expected one of the keys name, weight, weights, smoothing, found 'loss.wieghts'; "
        + "correct its spelling or remove it"
    ),
    ("batch: 0", "a.yaml: expected a whole number in 1…4096 under 'batch', found '0'"),
    ("seed: -1", "a.yaml: expected a whole number of at least 0 under 'seed', found '-1'"),
    (
      "schedule: {name: sine}",
      "a.yaml: expected constant, step, multi-step, plateau, polynomial, cosine or one-cycle under 'schedule.name', "
        + "found 'sine'"
    ),
    (
      "schedule: {name: step}",
      "a.yaml: expected 'schedule.epochs' (epochs between two cuts), found no such key; "
        + "add it"
    ),
    (
      "loss: {weights: [1, -1]}",
      "a.yaml: expected a number in 0.0…1000000.0 under 'loss.weights[1]', found '-1'"
    ),
    ("loss: {smoothing: 1}", "a.yaml: expected a number in 0..<1 under 'loss.smoothing', found '1'"),
    (
      "normalization: {mean: [0, 0], deviation: [1, 1, 1]}",
      "a.yaml: expected one or three numbers under 'normalization.mean', found a list"
    ),
    (
      "normalization: {mean: [0, 0, 0], deviation: [1, 0, 1]}",
      "a.yaml: expected deviations above 0 under 'normalization', found a mapping"
    ),
    (
      "augment: [{zoom: {}}]",
      "a.yaml: expected one of the keys scale, resize, crop, resized_crop, flip, rotate90, rotate, affine, elastic, "
        + "color, gray, gamma, lighting, noise, salt_pepper, blur, sobel, cutout, coarse_dropout, jpeg, cutmix, mixup, "
        + "found 'augment[0].zoom'; correct its spelling or remove it"
    ),
  ]) func wrongLines(line: String, expected: String) {
    #expect(message { try recipe(least + line) } == expected)
  }

  @Test(arguments: [
    ("name: adam", "a.yaml: expected 'optimiser.rate' (a learning rate), found no such key; add it"),
    ("rate: 1", "a.yaml: expected 'optimiser.name' (sgd, adam, adamw or rmsprop), found no such key; add it"),
    (
      "name: lion, rate: 1",
      "a.yaml: expected sgd, adam, adamw or rmsprop under 'optimiser.name', found 'lion'"
    ),
    ("name: sgd, rate: fast", "a.yaml: expected a number under 'optimiser.rate', found 'fast'"),
    ("name: sgd, rate: 0", "a.yaml: expected a number above 0 under 'optimiser.rate', found '0'"),
    ("name: sgd, rate: -1", "a.yaml: expected a number above 0 under 'optimiser.rate', found '-1'"),
    (
      "name: sgd, rate: 1, decay: -1",
      "a.yaml: expected a number of 0 or more under 'optimiser.decay', found '-1'"
    ),
    (
      "name: adam, rate: 1, beta1: 1", "a.yaml: expected a number in 0..<1 under 'optimiser.beta1', found '1'"
    ),
    (
      "name: adam, rate: 1, beta2: 2", "a.yaml: expected a number in 0..<1 under 'optimiser.beta2', found '2'"
    ),
    (
      "name: sgd, rate: 1, nesterov: 1",
      "a.yaml: expected true or false under 'optimiser.nesterov', found '1'"
    ),
  ]) func wrongOptimisers(content: String, expected: String) {
    let text = "model: {name: unet}\ndata: {dataset: a}\nepochs: 1\noptimiser: {\(content)}"
    #expect(message { try recipe(text) } == expected)
  }

  @Test func missingKeys() {
    #expect(
      message { try recipe("epochs: 1") }
        == "a.yaml: expected 'model' ({name: unet, width: 16}), found no such key; add it")
    #expect(
      message { try recipe("model: {width: 2}") }
        == "a.yaml: expected 'model.name' (an architecture such as unet), found no such key; add it")
    #expect(
      message { try recipe("model: {name: unet}\ndata: {split: train}") }
        == "a.yaml: expected 'data.dataset' (the path of a description), found no such key; add it")
    #expect(
      message { try recipe("model: {name: unet}\ndata: []") }
        == "a.yaml: expected at least one dataset under 'data', found a list")
    #expect(
      message { try recipe("model: {name: unet}\ndata: {dataset: a}") }
        == "a.yaml: expected 'epochs' (passes over the data), found no such key; add it")
    #expect(message { try recipe("- 1") } == "a.yaml: expected a mapping under 'the top', found a list")
  }
}

@Suite struct RecipeOverrideTests {
  private func read(_ overrides: [String]) throws -> Recipe {
    var recipe: Recipe?
    try withFolder { folder in
      let text = """
        model: {name: unet, width: 16}
        data: [{dataset: set.yaml}, {dataset: other.yaml}]
        epochs: 3
        optimiser: {name: sgd, rate: 0.5}
        """
      try DurableFile.write(text.utf8, to: "\(folder)/small.yaml")
      recipe = try Recipe.read("\(folder)/small.yaml", overrides: overrides)
    }
    return try #require(recipe)
  }

  @Test func replaceAndAdd() throws {
    let recipe = try read([
      "epochs=5", "optimiser.rate=0.25", "model.width=8", "model.depth=2", "schedule.name=step",
      "schedule.epochs=2", "name=other", "data={dataset: one.yaml, split: val}", "epochs=6",
      "loss.weights=[1, 2]",
    ])
    #expect(recipe.epochs == 6 && recipe.rate == 0.25)
    #expect(recipe.arguments == ["width": "8", "depth": "2"])
    #expect(recipe.schedule == .step(epochs: 2, factor: 0.1))
    #expect(recipe.name == "other")
    #expect(recipe.data.map(\.split) == ["val"])
    #expect(recipe.losses == [LossTerm(.crossEntropy(weights: [1, 2], smoothing: 0))])
  }

  @Test(arguments: [
    ("epochs", "--set: expected key=value under 'epochs', found 'epochs'"),
    ("=1", "--set: expected key=value under '=1', found '=1'"),
    (
      "epoch=1",
      "small.yaml: expected one of the keys name, model, initial, initial_backbone, data, validation, input, "
        + "normalization, augment, batch, epochs, freeze, cache_features, stages, seed, optimiser, schedule, loss, "
        + "batch_norm, accumulate, clip, average, early_stopping, keep, time_limit, save_every, tensorboard, folds, "
        + "found 'epoch'; correct its spelling or remove it"
    ),
    (
      "optimiser.speed=1",
      "small.yaml: expected one of the keys name, rate, decay, momentum, nesterov, found 'optimiser.speed'; "
        + "correct its spelling or remove it"
    ),
    (
      "optimiser.beta1=0.5",
      "small.yaml: expected one of the keys name, rate, decay, momentum, nesterov, found 'optimiser.beta1'; "
        + "correct its spelling or remove it"
    ),
    (
      "optimiser.momentum=9", "small.yaml: expected a number in 0..<1 under 'optimiser.momentum', found '9'"
    ),
    (
      "schedule={name: cosine, patience: 3}",
      "small.yaml: expected one of the keys name, warmup, floor, found 'schedule.patience'; correct its spelling or "
        + "remove it"
    ),
    (
      "schedule={warmup: 3}",
      "small.yaml: expected 'schedule.name' (constant, step, multi-step, plateau, polynomial, cosine or one-cycle), "
        + "found no such key; add it"
    ),
    ("epochs=many", "small.yaml: expected a whole number in 1…100000 under 'epochs', found 'many'"),
    ("data.dataset=a", "--set: expected keys that the recipe has under 'data.dataset=a', found 'dataset'"),
    ("epochs=", "--set epochs=: expected YAML, found: nothing"),
  ]) func wrong(override: String, expected: String) {
    #expect(message { try read([override]) } == expected)
  }

  @Test func noFile() {
    #expect(
      message { try Recipe.read("/nowhere/a.yaml") }
        == "/nowhere/a.yaml: expected a file, found nothing; check the path")
  }
}
