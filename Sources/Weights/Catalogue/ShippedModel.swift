/// A model that comes with the package.
public struct ShippedModel: Sendable {
  /// The name that `--weights` takes: the file's, without `.safetensors`.
  public let name: String
  /// The file.
  public let path: String
  /// The file's size in bytes.
  public let bytes: Int
  /// What the checkpoint says about itself; its parameters are not read.
  public let description: Checkpoint

  /// The architecture's name, such as `unet`.
  public var architecture: String? { description.architecture }
  /// The licence of the weights, if the checkpoint names one.
  public var licence: String? { description.provenance["licence"] }
}
