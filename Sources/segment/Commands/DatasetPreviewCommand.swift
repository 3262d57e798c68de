import ArgumentParser
import Augmentation
import Datasets
import Images
import Training

/// `segment dataset preview`
struct PreviewDataset: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "preview", abstract: "Draws samples of a dataset with their masks on one picture.",
    discussion: """
      Each sample is shown as it is and with its mask over it; a legend says which colour is which class. With a recipe, \
      samples are shown as its training sees them in the first epoch, but for cutmix and mixup, which take others of a batch.
      """)

  @Argument(help: "The dataset's description, such as Datasets/camvid.yaml.")
  var dataset: String

  @Option(help: "The split.")
  var split = "train"

  @Option(help: ArgumentHelp("A training recipe, whose augmentation is applied.", valueName: "file"))
  var recipe: String?

  @Option(help: "Samples to show.")
  var count = 16

  @Option(help: ArgumentHelp("The picture to write (.png or .jpg).", valueName: "file"))
  var output: String

  func validate() throws {
    if !ContactSheet.counts.contains(count) {
      throw ValidationError(
        "--count: expected \(ContactSheet.counts.lowerBound)…\(ContactSheet.counts.upperBound), "
          + "found \(count)")
    }
  }

  func run() throws {
    let dataset = try Dataset(try DatasetDescription.read(dataset), split: split)
    var sheet = ContactSheet()
    if let recipe {
      let recipe = try Recipe.read(recipe)
      sheet = ContactSheet(pipeline: try AugmentationPipeline(recipe.augmentation), seed: recipe.seed)
    }
    try PictureWriter.write(try sheet.render(dataset, count: count), to: output)
    try Console.result("\(min(count, dataset.count)) of \(dataset.count) samples → \(output)")
  }
}
