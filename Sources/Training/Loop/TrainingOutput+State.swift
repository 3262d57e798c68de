import Files
import Foundation
import TensorCore
import Weights

extension TrainingOutput {
  /// The keys of a state's metadata.
  private enum Key {
    static let recipe = "tessera.state"
    static let history = "tessera.history"
    static let progress = "tessera.progress"
    static let checksum = "tessera.checksum"
  }

  /// Writes the state; the one that was there becomes the previous one.
  ///
  /// - Parameter identity: of the training, which one that goes on from the state must have, too.
  func writeState(_ state: TrainingState, of identity: String) throws(TrainingError) {
    var tensors: [String: Tensor] = [:]
    for (name, tensor) in state.parameters { tensors["parameter.\(name)"] = tensor }
    for (name, tensor) in state.optimiser { tensors["optimiser.\(name)"] = tensor }
    for (name, tensor) in state.average { tensors["average.\(name)"] = tensor }
    tensors["schedule"] = Tensor(state.schedule, shape: [state.schedule.count])
    let progress = state.progress
    var metadata = [
      Key.recipe: identity, Key.history: TrainingHistory.csv(state.history),
      Key.progress: "\(progress.step) \(progress.lossSum) \(progress.seconds)",
    ]
    metadata[Key.checksum] = Self.checksum(metadata, tensors)
    let bytes: [UInt8]
    do throws(WeightsError) {
      bytes = try SafetensorsWriter.bytes(tensors, metadata: metadata)
    } catch {
      throw .weights(error)
    }
    do throws(FileError) {
      try DurableFile.write(bytes, to: stateFile, keepingOldAs: previousStateFile)
    } catch {
      throw .file(error)
    }
  }

  /// The state, or the previous one when a crash or a disk has damaged it.
  ///
  /// - Returns: the state, its file, and what to say of the other one.
  /// - Throws: `TrainingError` when neither can be used, with the reason of the newer one; and when it belongs to
  ///   another recipe.
  func readState(of identity: String) throws(TrainingError) -> (
    state: TrainingState, file: String, remark: String?
  ) {
    do throws(TrainingError) {
      return (try readState(stateFile, identity), stateFile, nil)
    } catch {
      guard error.isDamage, FileManager.default.fileExists(atPath: previousStateFile) else { throw error }
      let newer = error
      do throws(TrainingError) {
        let state = try readState(previousStateFile, identity)
        return (state, previousStateFile, "\(newer); going on from \(previousStateFile)")
      } catch {
        throw error.isDamage ? newer : error
      }
    }
  }

  private func readState(_ path: String, _ identity: String) throws(TrainingError) -> TrainingState {
    let file: SafetensorsFile
    var tensors: [String: Tensor] = [:]
    do throws(WeightsError) {
      file = try SafetensorsReader.read(path, isOwn: true)
      for entry in file.entries { tensors[entry.name] = try file.tensor(entry.name) }
    } catch {
      throw .weights(error)
    }
    try check(file, identity)
    var metadata = file.metadata
    guard metadata.removeValue(forKey: Key.checksum) == Self.checksum(metadata, tensors) else {
      throw .stateDamaged(file: path)
    }
    var state = TrainingState(parameters: [:], optimiser: [:], average: [:], schedule: [], history: [])
    for (name, tensor) in tensors {
      if name == "schedule" { state.schedule = tensor.elements }
      if let name = name.without(prefix: "parameter.") { state.parameters[name] = tensor }
      if let name = name.without(prefix: "optimiser.") { state.optimiser[name] = tensor }
      if let name = name.without(prefix: "average.") { state.average[name] = tensor }
    }
    state.history = TrainingHistory.records(metadata[Key.history] ?? "")
    let numbers = (metadata[Key.progress] ?? "").split(separator: " ")
    if numbers.count == 3, let step = Int(numbers[0]), let sum = Double(numbers[1]),
      let seconds = Double(numbers[2])
    {
      state.progress = EpochProgress(step: max(0, step), lossSum: sum, seconds: seconds)
    }
    return state
  }

  /// Throws unless the state was made with this recipe and these data.
  private func check(_ file: SafetensorsFile, _ identity: String) throws(TrainingError) {
    let expected = identity.split(separator: "\n")
    let found = (file.metadata[Key.recipe] ?? "something else").split(separator: "\n")
    if let index = expected.indices.first(where: { $0 >= found.count || found[$0] != expected[$0] }) {
      throw .stateMismatch(
        file: file.name, expected: String(expected[index]),
        found: index < found.count ? String(found[index]) : "none")
    }
  }

  /// CRC-32C of all values by name: a header that reads well says nothing of what follows it.
  private static func checksum(_ metadata: [String: String], _ tensors: [String: Tensor]) -> String {
    var sum = CRC32C()
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
      sum.add(Array("\(key)=\(value)\n".utf8))
    }
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      sum.add(Array("\(name) \(tensor.shape)\n".utf8))
      tensor.withUnsafeElements { sum.add(UnsafeRawBufferPointer($0)) }
    }
    return String(sum.value, radix: 16)
  }
}

extension TrainingError {
  /// Whether a file could not be read as what it should be, for which the previous one can stand in.
  fileprivate var isDamage: Bool {
    switch self {
    case .weights, .stateDamaged: true
    default: false
    }
  }
}

extension String {
  fileprivate func without(prefix: String) -> String? {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
  }
}
