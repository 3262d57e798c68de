import ArgumentParser
import Foundation
import Inspection

/// `segment inspect maximize MODEL --layer L --channel C…`
struct InspectMaximize: ParsableCommand, PictureCommand {
  static let picture = "maximize.png"
  static let configuration = CommandConfiguration(
    commandName: "maximize", abstract: "Draws what a channel wants to see.",
    discussion: """
      Changes noise along the gradient until it raises the channel; with jitter, blur, decay \
      and growing sizes. Under each picture stands the channel's mean on it as a multiple of that on noise. The same seed \
      gives the same picture.
      """)

  @OptionGroup var modelArgument: ModelArgument

  @Option(help: "The layer.")
  var layer: String

  @Option(help: "A channel; may be repeated. Default: the first nine.")
  var channel: [Int] = []

  @Option(help: "The side of a picture in pixels.")
  var size = MaximizationSettings().size

  @Option(help: "Sizes through which a picture grows.")
  var scales = MaximizationSettings().scales

  @Option(help: "Steps at each size.")
  var steps = MaximizationSettings().steps

  @Option(help: "The most pixels that a picture is moved by before a step.")
  var jitter = MaximizationSettings().jitter

  @Option(help: "The seed.")
  var seed: UInt64 = 0

  @OptionGroup var sheetOptions: SheetOptions<Self>

  func validate() throws {
    if let wrong = channel.first(where: { $0 < 0 }) {
      throw ValidationError("--channel: expected 0 or more, found \(wrong)")
    }
    do { try maximization.check() } catch { throw ValidationError("\(error)") }
  }

  private var maximization: MaximizationSettings {
    var maximization = MaximizationSettings()
    (maximization.size, maximization.scales, maximization.steps) = (size, scales, steps)
    (maximization.jitter, maximization.seed) = (jitter, seed)
    return maximization
  }

  func run() throws {
    let network = try InspectedModel.orRandom(modelArgument.options).network
    let index = try network.layer(layer)
    let count = try network.shapes(for: network.nominal)[index].channels
    let found = try network.maximized(
      layer: index, channels: channel.isEmpty ? Array(0..<min(9, count)) : channel, settings: maximization,
      pool: sheetOptions.pool(), progress: { Console.progress("\($0)/\($1) steps") })
    Console.endProgress()
    let name = network.graph.nodes[index].name
    try sheetOptions.write(
      MaximizedInput.sheet(
        found, layer: network.title(ofLayer: index, named: layer), model: network.name, settings: maximization
      ))
    let report = MaximizationReport(
      model: network.name, layer: name, seed: seed, output: sheetOptions.output, found)
    try sheetOptions.print(report, or: report.table)
  }
}

/// What `inspect maximize --json` prints.
struct MaximizationReport: Encodable {
  struct Channel: Encodable {
    let channel: Int
    /// The mean of what is positive, on the picture and on noise.
    let activation: Double
    let noise: Double
    /// The first as a multiple of the second.
    let ratio: Double
    /// The largest element on the picture, and on noise.
    let peak: Double
    let noisePeak: Double

    enum CodingKeys: String, CodingKey {
      case channel, activation, noise, ratio, peak
      case noisePeak = "noise_peak"
    }
  }

  let model: String
  let layer: String
  let seed: UInt64
  let output: String
  let channels: [Channel]

  init(model: String, layer: String, seed: UInt64, output: String, _ found: [MaximizedInput]) {
    (self.model, self.layer, self.seed, self.output) = (model, layer, seed, output)
    channels = found.map {
      Channel(
        channel: $0.channel, activation: $0.strength.mean, noise: $0.noise.mean, ratio: $0.ratio,
        peak: $0.strength.peak, noisePeak: $0.noise.peak)
    }
  }

  var table: String {
    let lines = channels.map {
      "  channel \($0.channel)  mean \(decimals($0.activation, 3)), on noise \(decimals($0.noise, 3)), ratio "
        + "\(decimals($0.ratio, 1)); strongest \(decimals($0.peak, 3))"
    }
    return (["\(layer) → \(output)"] + lines).joined(separator: "\n")
  }
}
