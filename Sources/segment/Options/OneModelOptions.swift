import ArgumentParser

/// Which network with which weights, of commands that take one checkpoint.
struct OneModelOptions: ParsableArguments {
  @Option(
    help:
      "The architecture; 'segment models' lists them. Default: what the weights say."
  )
  var model: String?

  @Option(
    help: ArgumentHelp(
      "A checkpoint (.safetensors, or .pth of PyTorch), or the name of a model that ships. Default: the one that ships "
        + "for the model.", valueName: "weights"))
  var weights: [String] = []

  @Option(name: .customLong("set"), help: "An argument of the architecture, key=value; may be repeated.")
  var settings: [String] = []

  func validate() throws {
    try ModelOptions.validate(settings)
    try options.requireOne()
  }

  /// The same, as commands have it that take several.
  var options: ModelOptions {
    var options = ModelOptions()
    (options.model, options.weights, options.settings) = (model, weights, settings)
    return options
  }
}

/// An architecture that a command is about, with weights for it.
struct ModelArgument: ParsableArguments {
  @Argument(help: ArgumentHelp("The architecture.", valueName: "model"))
  var model: String

  @Option(
    help:
      "A checkpoint, or the name of a model that ships. Default: the one that ships for the model, else random weights."
  )
  var weights: String?

  @Option(name: .customLong("set"), help: "An argument of the architecture, key=value; may be repeated.")
  var settings: [String] = []

  func validate() throws { try ModelOptions.validate(settings) }

  /// The same, as commands have it that take several checkpoints.
  var options: ModelOptions {
    var options = ModelOptions()
    (options.model, options.weights, options.settings) = (model, weights.map { [$0] } ?? [], settings)
    return options
  }
}
