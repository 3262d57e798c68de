import ArgumentParser
import Files
import Graphs
import Segmentation
import TensorCore
import Weights

/// `segment run MODEL --input IN.safetensors --output OUT.safetensors`
struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs the raw network on a tensor, for checking it against another framework.",
    discussion: """
      Reads tensor 'input' [N, C, H, W] and writes tensor 'output', [N, classes] for a classifier. Without --weights \
      the parameters are random.
      """)

  @Argument(help: ArgumentHelp("The architecture.", valueName: "model"))
  var model: String

  @Option(
    help:
      "A checkpoint (.safetensors, or .pth of PyTorch), or the name of a model that ships. Default: random parameters."
  )
  var weights: String?

  @Option(name: .customLong("set"), help: "An argument of the architecture, key=value; may be repeated.")
  var settings: [String] = []

  @Option(help: "A safetensors file with a tensor 'input' [N, C, H, W].")
  var input: String

  @Option(help: "The safetensors file to write.")
  var output: String

  @OptionGroup var threadOptions: ThreadOptions

  func validate() throws { try ModelOptions.validate(settings) }

  func run() throws {
    let file = try SafetensorsReader.read(input)
    let tensor = try file.tensor("input")
    let network = try network(threadOptions.pool())
    guard tensor.shape.rank == 4, tensor.shape[1] == network.channels, tensor.count > 0 else {
      throw CommandError.inputTensor(
        file: input, expected: "[N, \(network.channels), H, W], none of them 0",
        found: tensor.shape.description)
    }
    let result = try network.run(tensor.channelsLast())
    let isClassifier = try NetworkRegistry.architecture(model).task == .classification
    let logits =
      isClassifier
      ? Tensor(result.elements, shape: [result.shape.batch, result.shape.channels]) : result.channelsFirst()
    try SafetensorsWriter.write(["output": logits], to: output)
  }

  private func network(_ pool: ThreadPool) throws -> InferenceModel {
    guard let weights else {
      let graph = try NetworkRegistry.graph(model, arguments: ModelOptions.pairs(settings))
      return try InferenceModel(graph, parameters: try graph.initialParameters(seed: 0), pool: pool)
    }
    var options = ModelOptions()
    (options.model, options.weights, options.settings) = (model, [weights], settings)
    return try options.load(pool: pool).network
  }
}
