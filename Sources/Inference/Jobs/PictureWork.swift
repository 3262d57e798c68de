import Files
import Foundation
import Images
import TensorCore

/// What is done to one picture: reading it, and making and writing the results of its prediction.
///
/// Both may run on any thread; the network runs between them.
public struct PictureWork: Sendable {
  /// The forms of the results.
  public let formats: [ResultFormat]
  private let limits: ImageLimits
  private let settings: JobSettings?
  private let results: ResultGuard

  /// - Parameters:
  ///   - settings: what a job's record says of the model and the options.
  ///   - results: what results may replace.
  init(_ formats: [ResultFormat], limits: ImageLimits, settings: JobSettings?, results: ResultGuard) {
    (self.formats, self.limits, self.settings, self.results) = (formats, limits, settings, results)
  }

  /// The work on pictures that belong to no job.
  public init(_ formats: [ResultFormat], limits: ImageLimits = .standard) {
    self.init(formats, limits: limits, settings: nil, results: ResultGuard([], owners: nil))
  }

  /// A picture that was read.
  struct Loaded: Sendable {
    let picture: Raster
    let stamp: FileStamp?
    let time: Duration
  }

  /// Results that wait to be put at their places.
  struct Finished: Sendable {
    var record: JobRecord
    let files: [StagedFile]
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

  /// Reads a picture.
  ///
  /// - Parameters:
  ///   - memory: what the picture may take.
  ///   - reserve: told how many bytes the picture and its results will take, before they are taken.
  func load(
    _ item: InputCollection.Item, classes: Int, memory: MemoryBudget, reserve: (Int) -> Void
  ) throws(InferenceError) -> Loaded {
    if let problem = item.problem { throw .input(problem) }
    let start = ContinuousClock.now
    // Before reading: a change from now on is seen by the next run.
    let stamp = FileStamp(item.input)
    let (bytes, header): ([UInt8], ImageHeader)
    do throws(ImageError) {
      bytes = try ImageReader.contents(of: item.input, limits: limits)
      header = try ImageHeader(bytes, name: item.input, limits: limits)
    } catch {
      throw .image(error)
    }
    try memory.check(header, fileBytes: bytes.count, name: item.input)
    reserve(footprint(header.width * header.height, classes: classes))
    do throws(ImageError) {
      let picture = try ImageReader.decode(bytes, name: item.input, limits: limits)
      return Loaded(picture: picture, stamp: stamp, time: .now - start)
    } catch {
      throw .image(error)
    }
  }

  /// About how many bytes a picture and its results take at their most.
  private func footprint(_ pixels: Int, classes: Int) -> Int {
    let picture = 3 + 3 + 1 + 4 * formats.count
    return pixels * (picture + (formats.contains(where: \.needsProbabilities) ? 12 * classes : 0))
  }

  /// Makes and writes the results under temporary names.
  ///
  /// - Parameter output: the path of the one result, where that is not the usual one.
  func finish(
    _ item: InputCollection.Item, _ loaded: Loaded, _ prediction: Prediction, output: String? = nil
  ) throws(InferenceError) -> Finished {
    let start = ContinuousClock.now
    var record = JobRecord.done(item, prediction)
    let (files, sizes) = try stage(item, prediction, output: output, for: &record)
    record.outputBytes = settings.map { _ in sizes }
    record.settings = settings?.digest
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
    var record = JobRecord.done(item, prediction)
    let files = try stage(item, prediction, output: target.file, for: &record).files
    try Finished(record: record, files: files).commit()
    return record
  }

  /// What the results of standard input are called in a folder.
  private static let standardInputStem = "standard-input"

  /// Makes the results and writes them under temporary names; tells the record their names.
  private func stage(
    _ item: InputCollection.Item, _ prediction: Prediction, output: String?, for record: inout JobRecord
  ) throws(InferenceError) -> (files: [StagedFile], sizes: [Int]) {
    var files: [StagedFile] = []
    var sizes: [Int] = []
    do throws(InferenceError) {
      for format in formats {
        for file in try prediction.files(as: format, input: item.input) {
          let path = output ?? item.stem + file.suffix
          try results.check(path, file.bytes, for: item.input)
          do throws(FileError) { files.append(try DurableFile.stage(file.bytes, to: path)) } catch {
            throw .file(error)
          }
          sizes.append(file.bytes.count)
          record.outputs.append(path)
        }
      }
    } catch {
      for file in files { file.discard() }
      throw error
    }
    return (files, sizes)
  }

  /// Gives a picture its results.
  ///
  /// - Parameters:
  ///   - output: the path of the one result, where that is not the usual one.
  ///   - progress: called after each tile of a picture that has several, with the tiles done and all.
  /// - Throws: `InferenceError`; then nothing was written.
  public func run(
    _ item: InputCollection.Item, with predictor: Predictor, output: String? = nil,
    progress: (_ done: Int, _ count: Int) -> Void = { _, _ in }
  ) throws(InferenceError) -> JobRecord {
    let loaded = try load(
      item, classes: predictor.ensemble.classes.count, memory: predictor.options.memory, reserve: { _ in })
    let start = ContinuousClock.now
    let prediction = try predictor.predict(
      loaded.picture, name: item.input, wantsProbabilities: formats.contains(where: \.needsProbabilities),
      progress: progress)
    let network = ContinuousClock.now - start
    var finished = try finish(item, loaded, prediction, output: output)
    try finished.commit()
    finished.record.add(loaded.time + network)
    return finished.record
  }
}

extension JobRecord {
  /// Adds to the time that the picture took, in steps of a tenth of a millisecond.
  mutating func add(_ time: Duration) {
    let (seconds, attoseconds) = time.components
    milliseconds += Double(seconds) * 1e3 + Double(attoseconds) * 1e-15
    milliseconds = (milliseconds * 10).rounded() / 10
  }
}
