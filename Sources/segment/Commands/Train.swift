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
      Writes best.safetensors, last.safetensors, history.csv and state.safetensors, from which --resume goes on. Two \
      runs of one recipe give the same weights, byte for byte, on any number of threads.
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

  @OptionGroup var threadOptions: ThreadOptions

  func run() throws {
    let recipe = try Recipe.read(self.recipe, overrides: settings)
    let folder = TrainingOutput(folder: output ?? "output/\(recipe.name)")
    try folder.check(resuming: resume)
    let architecture = try NetworkRegistry.architecture(recipe.model)
    let pool = threadOptions.pool()
    try OpenedData.check(recipe, pool: pool)
    let opened = try OpenedData(recipe)
    try architecture.check(opened.source)
    var arguments = recipe.arguments
    arguments["classes"] = String(opened.source.classes.count)
    var nominal = architecture.nominal
    // A classifier's dense layers belong to the size of its training.
    if architecture.task == .classification, let size = recipe.input?.size {
      nominal = nominal.with(height: size.height, width: size.width)
    }
    let network = try NetworkRegistry.graph(recipe.model, arguments: arguments, nominal: nominal)
    let trainer = try Trainer(
      recipe: recipe, network: network, parameters: try start(recipe, network, arguments),
      source: opened.source,
      validation: opened.validation, palette: opened.palette, licences: opened.licences, output: folder,
      pool: pool)
    if resume { try trainer.resume() }
    var title: String? =
      "\(recipe.name): \(recipe.model), \(opened.source.count) images of \(opened.source.title), "
      + "\(pool.threads) threads → \(folder.folder)"
    let history = try trainer.run { event in
      // Said after the first step, so that data which cannot be trained on is the only thing said.
      if let text = title.take() { Console.note(text) }
      TrainProgress.show(event)
    }
    Console.endProgress()
    if let best = history.max(by: { $0.score < $1.score }) {
      try Console.result(
        "best epoch \(best.epoch): score \(decimals(best.score, 4)) → \(folder.folder)/best.safetensors")
    }
  }

  /// Fresh parameters, those of the recipe's initial checkpoint, or fresh ones on a classifier's.
  private func start(
    _ recipe: Recipe, _ network: Graph, _ arguments: [String: String]
  ) throws -> [String: Tensor] {
    let backbone = backbone ?? recipe.initialBackbone
    guard let path = recipe.initialWeights ?? backbone else {
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

/// The datasets of a recipe, opened.
struct OpenedData {
  let source: any SampleSource
  let validation: (any SampleSource)?
  let palette: [[UInt8]]
  let licences: [String]

  init(_ recipe: Recipe) throws {
    var parts: [MixedDataset.Part] = []
    var licences: [String] = []
    var colors: [Color] = []
    for part in recipe.data {
      let description = try DatasetDescription.read(part.dataset)
      parts.append(.init(try Dataset(description, split: part.split), repeats: part.repeats))
      if colors.isEmpty { colors = description.colors }
      if let licence = description.licence { licences.append("\(description.name): \(licence)") }
    }
    source = parts.count == 1 && parts[0].repeats == 1 ? parts[0].source : try MixedDataset(parts)
    validation = try recipe.validation.map {
      try Dataset(try DatasetDescription.read($0.dataset), split: $0.split)
    }
    palette = colors.map { [$0.red, $0.green, $0.blue] }
    self.licences = licences
  }
}

/// How a training looks while it runs.
enum TrainProgress {
  static func show(_ event: TrainingEvent) {
    switch event {
    case .step(let step):
      Console.progress(
        "epoch \(step.epoch)/\(step.epochs)  step \(step.step)/\(step.steps)  loss \(decimals(step.meanLoss, 4))  "
          + "\(decimals(step.imagesPerSecond, 1)) images/s  \(durationText(step.secondsLeft)) left")
    case .validation(let done, let count):
      Console.progress("validating \(done)/\(count)")
    case .epoch(let record, let isBest):
      Console.endProgress()
      let scores =
        switch record.scores {
        case .masks(let scores): "  mean IoU \(decimals(scores.confusion.meanIoU, 4))"
        case .labels(let scores): "  top-1 \(decimals(scores.top1, 4))  top-5 \(decimals(scores.top5, 4))"
        case nil: ""
        }
      Console.note(
        "epoch \(record.epoch)  loss \(decimals(record.loss, 4))\(scores)  rate \(record.rate)  "
          + "\(durationText(record.seconds))\(isBest ? "  best" : "")")
    }
  }
}
