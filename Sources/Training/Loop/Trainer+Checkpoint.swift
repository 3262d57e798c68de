import Augmentation
import TensorCore
import Weights

extension Trainer {
  /// A checkpoint that explains itself, of the parameters as they stand.
  func checkpoint(_ record: EpochRecord) -> Checkpoint {
    var scores = ["loss": record.loss, "epoch": Double(record.epoch)]
    if let measured = record.scores { scores.merge(measured.named) { $1 } }
    var arguments = recipe.arguments
    arguments["classes"] = String(source.classes.count)
    var provenance = ["recipe": recipe.name, "data": source.title]
    if let validation { provenance["validation"] = validation.title }
    if !licences.isEmpty { provenance["licence"] = licences.joined(separator: "; ") }
    var checkpoint = Checkpoint(architecture: recipe.model, parameters: resulting)
    checkpoint.arguments = arguments
    checkpoint.classes = source.classes
    checkpoint.palette = palette
    checkpoint.ignoreIndex = source.truth == .mask ? Int(Sample.ignoredLabel) : nil
    checkpoint.normalization = recipe.normalization
    checkpoint.trainingSize = trainingSize
    checkpoint.fit = form.size == nil ? nil : form.fit
    checkpoint.scores = scores
    checkpoint.provenance = provenance
    return checkpoint
  }

  /// Height and width of what the network was trained on, when the recipe or the network fixes them.
  private var trainingSize: Checkpoint.Size? {
    if let size = form.size { return Checkpoint.Size(height: size.height, width: size.width) }
    return recipe.augmentation.outputSize.map { Checkpoint.Size(height: $0.height, width: $0.width) }
  }
}
