import TensorCore

/// What decides a picture's results besides the picture.
public struct JobSettings: Sendable, Equatable {
  /// 16 hexadecimal digits; others for another model or other options.
  public let digest: String
  /// The memory that there may be, in bytes, which decides results only where tiles have to be small.
  let memory: Int

  /// The settings of a run.
  public init(
    _ ensemble: ModelEnsemble, _ formats: [ResultFormat], options: PredictionOptions = PredictionOptions()
  ) {
    var hash = FNV1a()
    for member in ensemble.members { hash.add("\(member.checkpoint.digest)\n") }
    hash.add("\(formats.map(\.rawValue))\n\(options.text)")
    digest = hash.text
    memory = options.memory.bytes
  }
}
