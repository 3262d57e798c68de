import Files
import Foundation
import TensorCore
import Weights

/// Everything that a training needs to go on as if it had not stopped.
struct TrainingState {
  var parameters: [String: Tensor]
  var optimiser: [String: Tensor]
  /// Of the learning rate's schedule.
  var schedule: [Float]
  var history: [EpochRecord]

  /// Throws unless every parameter is there with its shape, and what the optimiser keeps of one has its shape too.
  func check(against wanted: [String: Tensor], file: String) throws(TrainingError) {
    for (name, tensor) in wanted.sorted(by: { $0.key < $1.key }) {
      try Self.check(name, parameters[name]?.shape, tensor.shape, file)
    }
    for (name, tensor) in optimiser.sorted(by: { $0.key < $1.key }) where name.contains(".") {
      let owner = name.split(separator: ".").dropLast().joined(separator: ".")
      try Self.check(owner, tensor.shape, wanted[owner]?.shape, file)
    }
  }

  private static func check(
    _ name: String, _ found: Shape?, _ expected: Shape?, _ file: String
  ) throws(TrainingError) {
    guard found != expected else { return }
    func text(_ shape: Shape?) -> String { "\(name) \(shape?.description ?? "nowhere")" }
    throw .stateMismatch(file: file, expected: text(expected), found: text(found))
  }
}

/// The folder that a training writes to: `best.safetensors`, `last.safetensors`, `history.csv`, and
/// `state.safetensors`, from which it can go on. Each file is replaced whole.
public struct TrainingOutput: Sendable {
  /// The folder's path.
  public let folder: String

  /// An output folder, which is made when the first file is written.
  public init(folder: String) { self.folder = folder }

  private func path(_ name: String) -> String { (folder as NSString).appendingPathComponent(name) }

  /// Whether the folder holds a training.
  public var isInUse: Bool { FileManager.default.fileExists(atPath: stateFile) }

  /// Throws when a training is there that is not to be resumed, or none that is.
  public func check(resuming: Bool) throws(TrainingError) {
    if isInUse && !resuming { throw .outputInUse(folder: folder) }
    if !isInUse && resuming { throw .nothingToResume(folder: folder) }
  }

  func write(
    _ checkpoint: Checkpoint, isBest: Bool, history: [EpochRecord]
  ) throws(TrainingError) {
    do throws(WeightsError) {
      try checkpoint.write(to: path("last.safetensors"))
      if isBest { try checkpoint.write(to: path("best.safetensors")) }
    } catch {
      throw .weights(error)
    }
    do throws(FileError) {
      try DurableFile.write(TrainingHistory.csv(history).utf8, to: path("history.csv"))
    } catch {
      throw .file(error)
    }
  }

  func writeState(_ state: TrainingState, _ recipe: Recipe) throws(TrainingError) {
    var tensors: [String: Tensor] = [:]
    for (name, tensor) in state.parameters { tensors["parameter.\(name)"] = tensor }
    for (name, tensor) in state.optimiser { tensors["optimiser.\(name)"] = tensor }
    tensors["schedule"] = Tensor(state.schedule, shape: [state.schedule.count])
    do throws(WeightsError) {
      try SafetensorsWriter.write(
        tensors,
        metadata: ["tessera.state": recipe.identity, "tessera.history": TrainingHistory.csv(state.history)],
        to: stateFile)
    } catch {
      throw .weights(error)
    }
  }

  func readState(_ recipe: Recipe) throws(TrainingError) -> TrainingState {
    let file = try openState()
    let expected = recipe.identity.split(separator: "\n")
    let found = (file.metadata["tessera.state"] ?? "something else").split(separator: "\n")
    if let index = expected.indices.first(where: { $0 >= found.count || found[$0] != expected[$0] }) {
      throw .stateMismatch(
        file: file.name, expected: String(expected[index]),
        found: index < found.count ? String(found[index]) : "none")
    }
    var state = TrainingState(parameters: [:], optimiser: [:], schedule: [], history: [])
    do throws(WeightsError) {
      for entry in file.entries {
        let tensor = try file.tensor(entry.name)
        if entry.name == "schedule" { state.schedule = tensor.elements }
        if let name = entry.name.without(prefix: "parameter.") { state.parameters[name] = tensor }
        if let name = entry.name.without(prefix: "optimiser.") { state.optimiser[name] = tensor }
      }
    } catch {
      throw .weights(error)
    }
    state.history = TrainingHistory.records(file.metadata["tessera.history"] ?? "")
    return state
  }

  /// The path of what a training can go on from.
  var stateFile: String { path("state.safetensors") }

  private func openState() throws(TrainingError) -> SafetensorsFile {
    do throws(WeightsError) {
      return try SafetensorsReader.read(stateFile)
    } catch {
      throw .weights(error)
    }
  }
}

extension String {
  fileprivate func without(prefix: String) -> String? {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
  }
}
