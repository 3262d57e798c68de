import Files
import Foundation

extension PictureWork {
  /// Results that wait to be put at their places.
  struct Finished: Sendable {
    var record: JobRecord
    let files: [StagedFile]
    /// Whether the work ended before the results, so that the picture is as if it had not been begun.
    var isGivenUp = false

    /// Puts the files at their places; all are complete before the first is.
    func commit() throws(InferenceError) {
      for (index, file) in files.enumerated() {
        do throws(FileError) {
          try file.commit()
        } catch {
          for rest in files[(index + 1)...] { rest.discard() }
          throw .file(error)
        }
      }
    }

    func discard() { for file in files { file.discard() } }
  }

  /// Makes and writes the results under temporary names, unless they are.
  ///
  /// - Parameter output: the path of the one result, where that is not the usual one.
  func finish(
    _ item: InputCollection.Item, _ loaded: Loaded, _ predicted: Predicted, output: String? = nil
  ) throws(InferenceError) -> Finished {
    let start = ContinuousClock.now
    var record: JobRecord
    let (files, outputs): ([StagedFile], [String])
    let hasSmallTiles: Bool
    switch predicted {
    case .strips(let strips):
      record = .done(item, width: strips.width, height: strips.height, classes: strips.classes)
      (files, outputs) = (strips.files, strips.outputs)
      hasSmallTiles = strips.hasSmallTiles
      try check(files, outputs, of: item)
    case .whole(let prediction):
      record = .done(item, prediction)
      (files, outputs) = try stage(item, prediction, output: output)
      hasSmallTiles = prediction.hasSmallTiles
    }
    record.outputs = outputs
    record.outputBytes = settings.map { _ in files.map(\.bytes) }
    record.settings = settings?.digest
    record.smallTilesMemory = hasSmallTiles ? settings?.memory : nil
    record.stamp = settings.flatMap { _ in loaded.stamp.map { .init(bytes: $0.bytes, modified: $0.modified) }
    }
    record.add(.now - start)
    return Finished(record: record, files: files)
  }

  /// Writes the results of a picture that came from standard input.
  ///
  /// - Returns: what became of it; the picture is called `-`.
  /// - Throws: `InferenceError`; then nothing was written.
  public func write(_ prediction: Prediction, to target: ResultTarget) throws(InferenceError) -> JobRecord {
    let item = InputCollection.Item(
      input: "-", stem: (target.folder ?? "").appendingPath(Self.standardInputStem))
    let (files, outputs) = try stage(item, prediction, output: target.file)
    var record = JobRecord.done(item, prediction)
    record.outputs = outputs
    try Finished(record: record, files: files).commit()
    return record
  }

  /// What the results of standard input are called in a folder.
  private static let standardInputStem = "standard-input"

  /// Makes the results and writes them under temporary names.
  private func stage(
    _ item: InputCollection.Item, _ prediction: Prediction, output: String?
  ) throws(InferenceError) -> (files: [StagedFile], outputs: [String]) {
    var files: [StagedFile] = []
    var outputs: [String] = []
    do throws(InferenceError) {
      for format in formats {
        for file in prediction.files(as: format, input: item.input) {
          let path = output ?? item.stem + file.suffix
          files.append(try Self.stage(file, path))
          outputs.append(path)
        }
      }
    } catch {
      for file in files { file.discard() }
      throw error
    }
    try check(files, outputs, of: item)
    return (files, outputs)
  }

  /// Makes one result and writes it under a temporary name.
  private static func stage(_ file: ResultFile, _ path: String) throws(InferenceError) -> StagedFile {
    let staging: StagingFile
    do throws(FileError) { staging = try StagingFile(path) } catch { throw .file(error) }
    try file.write { part throws(FileError) in try staging.write(part) }
    do throws(FileError) { return try staging.finish() } catch { throw .file(error) }
  }

  /// Discards results of which one may not come to its place.
  private func check(
    _ files: [StagedFile], _ outputs: [String], of item: InputCollection.Item
  ) throws(InferenceError) {
    do throws(InferenceError) {
      for (file, path) in zip(files, outputs) { try results.check(path, file, for: item.input) }
    } catch {
      for file in files { file.discard() }
      throw error
    }
  }
}
