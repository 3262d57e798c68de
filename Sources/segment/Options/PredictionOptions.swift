import ArgumentParser
import Foundation
import Inference
import TensorCore

/// What is made of a network's answer, and what it may cost.
struct PredictionOptionGroup: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Any of mask, color, overlay, cutout, probabilities, probability-maps, json, separated by commas.",
      valueName: "list"))
  var format = "mask"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Memory that an image may take, such as 1GiB or 512MiB; a larger one is cut into tiles. Default: half of what the "
        + "process may use.", valueName: "size"))
  var maxMemory: String?

  @Option(
    help: ArgumentHelp(
      "Average over more views of the image: flips (left and right exchanged), all-flips (top and bottom too), scales "
        + "(at 0.75 and 1.25 of the size), separated by commas. Takes as many times as long as there are views.",
      valueName: "list"))
  var tta: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Regions of fewer pixels take the class around them. Pixels of a region touch by their sides.",
      valueName: "pixels"))
  var minArea = 0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Of a network of two classes, the second where its probability is above this, 0 to 1. Default: 0.5.",
      valueName: "probability"))
  var threshold: Float?

  @Option(
    help: ArgumentHelp(
      "Names or indices of classes to keep, separated by commas. Other pixels become the background, where the first "
        + "class is called so, or else 255, no class.", valueName: "list"))
  var classes: String?

  func validate() throws {
    do { _ = try ResultFormat.list(format) } catch { throw ValidationError(error.description) }
    if let tta {
      do { _ = try ViewKind.list(tta) } catch { throw ValidationError(error.description) }
    }
    if let maxMemory, MemoryBudget(text: maxMemory) == nil {
      throw ValidationError(
        "--max-memory: expected a size such as 1GiB, 512MiB or a number of bytes, found '\(maxMemory)'")
    }
    if minArea < 0 { throw ValidationError("--min-area: expected a number of pixels, found \(minArea)") }
    if let threshold, !(threshold > 0 && threshold < 1) {
      throw ValidationError("--threshold: expected a probability between 0 and 1, found \(threshold)")
    }
    if let classes, keptClasses.isEmpty {
      throw ValidationError("--classes: expected names or indices of classes, found '\(classes)'")
    }
  }

  /// The formats of results, at least one.
  var formats: [ResultFormat] { (try? ResultFormat.list(format)) ?? [.mask] }

  /// The options as the predictor takes them.
  var options: PredictionOptions {
    var options = PredictionOptions()
    if let maxMemory, let budget = MemoryBudget(text: maxMemory) { options.memory = budget }
    if let tta { options.views = (try? ViewKind.list(tta)) ?? [] }
    (options.minArea, options.threshold) = (minArea, threshold)
    if classes != nil { options.classes = keptClasses }
    return options
  }

  private var keptClasses: [String] {
    (classes ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  /// Shows the tiles of a long image as they are done.
  static func showTiles(of name: String) -> (_ done: Int, _ count: Int) -> Void {
    { done, count in Console.progress("\(name): tile \(done) of \(count)") }
  }
}
