import Augmentation
import Datasets
import TensorCore

/// Everything that determines a training: two runs of one recipe give the same weights, byte for byte.
public struct Recipe: Sendable {
  /// What messages call it: the last part of its path.
  public let file: String
  /// The folder where relative paths in it start.
  public let folder: String
  /// What the results are called.
  public var name: String
  /// The architecture, such as `unet`.
  public var model: String
  /// The architecture's arguments, without `classes`, which the data tells.
  public var arguments: [String: String]
  /// A checkpoint whose parameters training starts from, by a path relative to the recipe.
  public var initialWeights: String?
  /// A classifier's checkpoint that the backbone starts from, by a path relative to the recipe.
  public var initialBackbone: String?
  /// What is trained on.
  public var data: [DataPart]
  /// What is validated on after each epoch; `nil` for nothing.
  public var validation: DataPart?
  /// What pictures with a class each are brought to; `nil` for the size that the network was described for.
  public var input: Input?
  /// What the network expects of its input; ImageNet's unless the recipe says another.
  public var normalization: Normalization
  /// Whether the recipe says it.
  public let hasNormalization: Bool
  /// What is done to each sample.
  public var augmentation: [AugmentationStep]
  /// Images in a step.
  public var batch: Int
  /// The stages one after another, at least one.
  public var stages: [Stage]
  /// The seed of initial parameters, order, augmentation and dropout.
  public var seed: UInt64
  /// The share of each batch in the running statistics of batch norm.
  public var batchNormMomentum: Float
  /// How parameters are changed.
  public var optimiser: OptimiserKind
  /// The learning rate after the warm-up.
  public var rate: Float
  /// Weight decay of convolutions and dense layers.
  public var decay: Float
  /// How the learning rate changes.
  public var schedule: Schedule
  /// Steps over which the learning rate rises.
  public var warmup: Int
  /// What is made small: the sum of these, at least one.
  public var losses: [LossTerm]

  /// How the loop goes beyond steps by the optimiser.
  public var loop: LoopSettings

  /// Passes over the data, those of all stages.
  public var epochs: Int { stages.reduce(0) { $0 + $1.epochs } }

  /// A size and how pictures get it.
  public struct Input: Sendable, Equatable {
    /// In pixels.
    public var size: PixelSize
    /// Cut out or padded.
    public var fit: ImageFit
  }

  /// A split of a dataset.
  public struct DataPart: Sendable, Equatable {
    /// The description's path.
    public var dataset: String
    /// The split's name.
    public var split: String
    /// How often its samples occur in an epoch.
    public var repeats: Int
  }
}
