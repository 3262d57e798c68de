import ArgumentParser
import Datasets
import Foundation
import Graphs
import Images
import Segmentation
import TensorCore
import Training
import Weights

/// `segment train RECIPE.yaml`
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains a network by a recipe.",
    discussion: """
      Writes best.safetensors, last.safetensors, history.csv, history.html and state.safetensors, from which --resume goes on. Two \
      runs of one recipe give the same weights, byte for byte, on any number of threads, stopped and resumed or not.

      Control-C (SIGINT) and SIGTERM end the training after the step that is under way, with its state saved; a second \
      one ends it at once.
      """)

  @Argument(help: ArgumentHelp("A recipe, such as Configs/unet-streets.yaml.", valueName: "recipe"))
  var recipe: String

  @Option(
    name: .customLong("set"),
    help:
      "A value of the recipe to replace, key=value with dotted keys such as optimiser.rate; may be repeated.")
  var settings: [String] = []

  @Option(
    name: .customLong("init-backbone"),
    help: ArgumentHelp(
      "A classifier's checkpoint (.safetensors, or .pth of PyTorch), from which the layers start that the network has in "
        + "common with it. Default: the recipe's initial_backbone.", valueName: "file"))
  var backbone: String?

  @Option(help: "The folder for the results. Default: output/NAME.")
  var output: String?

  @Flag(help: "Go on with the training in the output folder.")
  var resume = false

  @Option(help: "Save and end after this time, such as 90s, 30m or 1.5h; --resume goes on.")
  var timeLimit: String?

  @Option(help: "Save the state within an epoch after this time, or so many steps. Default: 10m.")
  var saveEvery: String?

  @Flag(
    help: ArgumentHelp(
      "Instead of training, try learning rates from 1e-7 to 10, a step each: prints a table and a suggestion, and writes "
        + "rates.svg and rates.csv."))
  var findRate = false

  @OptionGroup var threadOptions: ThreadOptions

  func validate() throws {
    try ModelOptions.validate(settings)
    if let timeLimit, LoopSettings.seconds(timeLimit) == nil {
      throw ValidationError("--time-limit: expected a time such as 90s, 30m or 1.5h, found '\(timeLimit)'")
    }
    if let saveEvery, LoopSettings.seconds(saveEvery) == nil, (Int(saveEvery) ?? 0) < 1 {
      throw ValidationError(
        "--save-every: expected a number of steps above 0, or a time such as 10m, found '\(saveEvery)'")
    }
  }

  func run() throws {
    var overrides = settings
    if let timeLimit { overrides.append("time_limit=\(timeLimit)") }
    if let saveEvery { overrides.append("save_every=\(saveEvery)") }
    var recipe = try Recipe.read(self.recipe, overrides: overrides)
    let folder = TrainingOutput(folder: output ?? "output/\(recipe.name)")
    if !findRate { try folder.check(resuming: resume) }
    let architecture = try Architecture.named(recipe.model, in: recipe.file, at: "model.name")
    // What an architecture's public weights were trained on, and so what its own are, from them or not.
    if !recipe.hasNormalization, let own = architecture.normalization { recipe.normalization = own }
    let pool = threadOptions.pool()
    try OpenedData.check(recipe, pool: pool)
    let opened = try OpenedData(recipe)
    try architecture.check(opened.source)
    var arguments = recipe.arguments
    let classes = String(opened.source.classes.count)
    if let found = arguments.updateValue(classes, forKey: "classes"), found != classes {
      throw CommandError.classesOfData(recipe: self.recipe, expected: classes, found: found)
    }
    var nominal = architecture.nominal
    // A classifier's dense layers belong to the size of its training.
    if architecture.task == .classification, let size = recipe.input?.size {
      nominal = nominal.with(height: size.height, width: size.width)
    }
    let network = try CommandError.of(recipe.file) { () throws(SegmentationError) in
      try NetworkRegistry.graph(recipe.model, arguments: arguments, nominal: nominal)
    }
    let trainer = try Trainer(
      recipe: recipe, network: network,
      parameters: resume && !findRate
        ? try network.initialParameters(seed: recipe.seed) : try start(recipe, network, arguments),
      source: opened.source,
      validation: opened.validation, palette: opened.palette, licences: opened.licences, output: folder,
      pool: pool)
    let signals = StopSignals(finishing: "the step")
    if findRate { return try findRate(trainer, folder, until: signals.request) }
    if resume, let remark = try trainer.resume() { Console.note(remark) }
    var title: String? =
      "\(recipe.name): \(recipe.model), \(opened.source.count) images of \(opened.source.title), "
      + "\(pool.threads) threads → \(folder.folder)"
    let history = try trainer.run(until: signals.request) { event in
      // Said after the first step, so that data which cannot be trained on is the only thing said.
      if let text = title.take() { Console.note(text) }
      TrainProgress.show(event)
    }
    Console.endProgress()
    let goOn = "go on with --resume"
    switch trainer.ending {
    case .stopped(let epoch, let step):
      Console.note("stopped and saved at step \(step) of epoch \(epoch); \(goOn)")
      throw ExitCode(signals.exitStatus)
    case .timeLimit(let epoch, let step):
      Console.note("time limit: saved at step \(step) of epoch \(epoch); \(goOn)")
    case .noGain(let epochs):
      Console.note("ended early: no better score for \(epochs) epochs")
    case .finished, nil: break
    }
    if let best = history.max(by: { $0.score < $1.score }) {
      try Console.result(
        "best epoch \(best.epoch): score \(decimals(best.score, 4)) → \(folder.folder)/best.safetensors")
    }
  }

  private func findRate(_ trainer: Trainer, _ folder: TrainingOutput, until stop: StopRequest) throws {
    let search = try trainer.findRate(until: stop) { Console.progress("step \($0)/100") }
    Console.endProgress()
    try folder.write(search)
    try Console.result("rate          loss      smoothed")
    for step in search.steps {
      let rate = "\(step.rate)"
      try Console.result(
        rate + String(repeating: " ", count: max(1, 14 - rate.count))
          + "\(decimals(step.loss, 4))    \(decimals(step.smoothed, 4))")
    }
    let suggestion =
      search.suggestion.map { "suggestion: optimiser.rate=\($0)" } ?? "no suggestion: the loss never fell"
    try Console.result("\(suggestion) → \(folder.folder)/rates.svg")
  }

  /// Fresh parameters, those of the recipe's initial checkpoint, or fresh ones on a classifier's.
  private func start(
    _ recipe: Recipe, _ network: Graph, _ arguments: [String: String]
  ) throws -> [String: Tensor] {
    let backbone = backbone ?? recipe.initialBackbone
    guard let path = recipe.initialWeights ?? backbone else {
      if recipe.stages.contains(where: { !$0.freeze.isEmpty }) {
        Console.note(
          "frozen layers keep random values; name what they were trained to with --init-backbone, or with "
            + "initial_backbone or initial in the recipe")
      }
      return try network.initialParameters(seed: recipe.seed)
    }
    if recipe.initialWeights != nil && backbone != nil { throw CommandError.twoStarts(recipe: self.recipe) }
    let wanted = try network.parameterSpecs().map { ($0.name, $0.spec.shape) }
    let transfer = try NetworkRegistry.transfer(recipe.model, arguments: arguments)
    if backbone != nil && transfer == nil { throw CommandError.noBackbone(model: recipe.model) }
    let checkpoint = try Checkpoint.read(path)
    var parameters: [String: Tensor] = [:]
    let loaded: LoadedParameters
    if backbone != nil, let transfer {
      parameters = try network.initialParameters(seed: recipe.seed)
      loaded = try checkpoint.backbone(for: wanted, by: transfer, file: path, model: recipe.model)
    } else {
      loaded = try checkpoint.parameters(for: wanted, file: path, model: recipe.model)
    }
    for remark in checkpoint.remarks + loaded.remarks { Console.note("\(path): \(remark)") }
    return parameters.merging(loaded.tensors) { $1 }
  }
}
