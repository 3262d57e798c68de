import Augmentation
import Datasets
import Graphs
import Layers
import TensorCore

extension Trainer {
  /// How the network takes its pictures: masks keep their size, pictures with a class are fitted to the one that the
  /// recipe or the network says.
  static func form(
    _ recipe: Recipe, _ network: Graph, _ source: any SampleSource
  ) throws(TrainingError) -> InputForm {
    guard let input = network.inputs.first, let nominal = (network.nodes[input].operation as? Input)?.nominal,
      nominal.channels == 1 || nominal.channels == 3
    else { throw .channels(model: recipe.model) }
    switch source.truth {
    case .mask:
      guard recipe.input == nil else {
        throw .recipe(file: recipe.file, .inputOfMasks(source: source.title))
      }
      return InputForm(channels: nominal.channels)
    case .label:
      let size = recipe.input?.size ?? PixelSize(width: nominal.width, height: nominal.height)
      return InputForm(channels: nominal.channels, size: size, fit: recipe.input?.fit ?? .cover)
    }
  }

  /// Throws unless validation has the truths and the classes of training.
  static func check(
    _ validation: any SampleSource, against source: any SampleSource
  ) throws(TrainingError) {
    guard validation.truth == source.truth else {
      throw .data(
        .differentTruths(first: source.title, second: validation.title, expected: source.truth))
    }
    guard validation.classes == source.classes else {
      throw .data(
        .differentClasses(
          first: source.title, classes: source.classes, second: validation.title, others: validation.classes))
    }
  }

  /// The transforms of a recipe.
  ///
  /// - Throws: `TrainingError.recipe` for a parameter outside of its range, or a step that the data does not suit.
  static func pipeline(
    _ recipe: Recipe, for truth: Sample.TruthKind
  ) throws(TrainingError) -> AugmentationPipeline {
    if truth == .label, let step = recipe.augmentation.first(where: { $0.batchTransform != nil }) {
      throw .recipe(file: recipe.file, .augmentation(.needsMasks(step: step.name)))
    }
    do throws(AugmentationError) {
      return try AugmentationPipeline(recipe.augmentation)
    } catch {
      throw .recipe(file: recipe.file, .augmentation(error))
    }
  }
}
