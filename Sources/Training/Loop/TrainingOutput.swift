import Files
import Foundation
import Weights

/// The folder that a training writes to: `best.safetensors`, `last.safetensors`, `history.csv`, `history.html`, and
/// `state.safetensors`, from which it can go on, with the one before it. Each file is replaced whole.
public struct TrainingOutput: Sendable {
  /// The folder's path.
  public let folder: String

  /// An output folder, which is made when the first file is written.
  public init(folder: String) { self.folder = folder }

  func path(_ name: String) -> String { folder.appendingPath(name) }

  /// Whether the folder holds a training.
  public var isInUse: Bool {
    [stateFile, previousStateFile].contains(where: FileManager.default.fileExists)
  }

  /// Keeps the folder to this process, and removes what a killed one left half written.
  func lock() throws(TrainingError) -> FolderLock {
    do throws(FileError) {
      try DurableFile.makeFolder(folder)
      let lock = try FolderLock(folder)
      DurableFile.removeLeftovers(in: folder)
      return lock
    } catch {
      throw .file(error)
    }
  }

  /// Throws when a training is there that is not to be resumed, or none that is.
  public func check(resuming: Bool) throws(TrainingError) {
    if isInUse && !resuming { throw .outputInUse(folder: folder) }
    if !isInUse && resuming { throw .nothingToResume(folder: folder) }
  }

  /// Writes what an epoch gave. The checkpoint is `last`, `best` when it is that, and `epoch-NNNN` while its epoch is
  /// among the `kept` best.
  func write(
    _ checkpoint: Checkpoint, isBest: Bool, history: [EpochRecord], kept: Int
  ) throws(TrainingError) {
    try writeLast(checkpoint)
    if isBest { try write(checkpoint, "best.safetensors") }
    try keepBest(kept, of: history, checkpoint)
    try write(Array(TrainingHistory.csv(history).utf8), "history.csv")
  }

  /// Writes `last`.
  func writeLast(_ checkpoint: Checkpoint) throws(TrainingError) { try write(checkpoint, "last.safetensors") }

  /// Writes what a search for a learning rate found: `rates.csv`, and `rates.svg`, a picture of it.
  ///
  /// - Throws: `TrainingError.file`.
  public func write(_ search: RateSearch) throws(TrainingError) {
    try write(Array(search.csv.utf8), "rates.csv")
    try write(Array(search.svg.utf8), "rates.svg")
  }

  private func keepBest(
    _ kept: Int, of history: [EpochRecord], _ checkpoint: Checkpoint
  ) throws(TrainingError) {
    guard kept > 0, let last = history.last else { return }
    // Of equal scores the earlier epoch is the better one.
    let ranked = history.sorted { ($0.score, -$0.epoch) > ($1.score, -$1.epoch) }
    let names = Set(ranked.prefix(kept).map { Self.checkpointName($0.epoch) })
    if names.contains(Self.checkpointName(last.epoch)) {
      try write(checkpoint, Self.checkpointName(last.epoch))
    }
    for record in history where !names.contains(Self.checkpointName(record.epoch)) {
      unlink(path(Self.checkpointName(record.epoch)))
    }
  }

  private static func checkpointName(_ epoch: Int) -> String {
    let number = String(epoch)
    return "epoch-" + String(repeating: "0", count: max(0, 4 - number.count)) + number + ".safetensors"
  }

  private func write(_ checkpoint: Checkpoint, _ name: String) throws(TrainingError) {
    do throws(WeightsError) { try checkpoint.write(to: path(name)) } catch { throw .weights(error) }
  }

  /// Writes a file of this folder, whole or not at all.
  func write(_ bytes: [UInt8], _ name: String) throws(TrainingError) {
    do throws(FileError) { try DurableFile.write(bytes, to: path(name)) } catch { throw .file(error) }
  }

  /// Puts the previous state where the state was.
  func restorePreviousState() throws(TrainingError) {
    guard rename(previousStateFile, stateFile) == 0 else {
      throw .file(.cannotWrite(path: stateFile, reason: String(cString: strerror(errno)).lowercased()))
    }
  }

  /// The path of what a training can go on from.
  var stateFile: String { path("state.safetensors") }
  /// The path of the state before that.
  var previousStateFile: String { path("state.previous.safetensors") }
}
