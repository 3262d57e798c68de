import Files
import Foundation
import Images

/// What is done to one picture: reading it, and making and writing the results of its prediction.
///
/// Both may run on any thread; the network runs between them.
public struct PictureWork: Sendable {
  /// The forms of the results.
  public let formats: [ResultFormat]
  private let limits: ImageLimits
  let settings: JobSettings?
  let results: ResultGuard
  /// In a job, what program and models take, which share the memory with pictures that wait.
  let programBytes: Int?

  /// - Parameters:
  ///   - settings: what a job's record says of the model and the options.
  ///   - results: what results may replace.
  ///   - programBytes: in a job, what program and models take.
  init(
    _ formats: [ResultFormat], limits: ImageLimits, settings: JobSettings?, results: ResultGuard,
    programBytes: Int? = nil
  ) {
    (self.formats, self.limits, self.settings, self.results) = (formats, limits, settings, results)
    self.programBytes = programBytes
  }

  /// The work on pictures that belong to no job.
  ///
  /// - Parameters:
  ///   - items: the pictures, which results never replace.
  ///   - folder: where results lie, perhaps among those of jobs, whose manifests say what may be replaced; `nil` where
  ///     everything but a picture may.
  public init(
    _ formats: [ResultFormat], on items: [InputCollection.Item] = [], limits: ImageLimits = .standard,
    besideJobsIn folder: String? = nil
  ) {
    let owners = folder.map(JobManifest.owners)
    self.init(formats, limits: limits, settings: nil, results: ResultGuard(items, owners: owners))
  }

  /// A picture that was read, or that is read by the network in strips.
  struct Loaded: Sendable {
    /// What there is of it.
    enum Content: Sendable {
      case whole(Raster)
      case strips(ImageFile)
    }

    let content: Content
    /// Why it could not be in strips.
    let wholeReason: WholePictureReason?
    /// Of a picture that was read whole, the file, if strips would do too.
    var file: ImageFile?
    let stamp: FileStamp?
    let time: Duration
    /// What it takes with its results, in bytes, by its header.
    let footprint: Int
  }

  /// What the network made of a picture: results to be written, or those that were written on the way.
  enum Predicted: Sendable {
    case whole(Prediction)
    case strips(StripResults)
  }

  /// Reads a picture; of one that would take much of the memory, the header alone where the rest can come in strips.
  ///
  /// - Parameters:
  ///   - options: what the picture may take, and what is made of it.
  ///   - reserve: told how many bytes the picture and its results will take, before they are taken.
  func load(
    _ item: InputCollection.Item, classes: Int, options: PredictionOptions, reserve: (Int) -> Void
  ) throws(InferenceError) -> Loaded {
    if let problem = item.problem { throw .input(problem) }
    let start = ContinuousClock.now
    // Before reading: a change from now on is seen by the next run.
    let stamp = FileStamp(item.input)
    let file: ImageFile
    do throws(ImageError) {
      file = try ImageFile(item.input, limits: limits)
    } catch {
      throw .image(error)
    }
    let header = file.header
    let memory = options.memory
    let reason = WholePictureReason(header, formats, minArea: options.minArea, memory: memory)
    if reason == nil && memory.isTight(for: header, fileBytes: file.bytes) {
      // What strips leave, their tiles take.
      reserve(memory.bytes)
      return Loaded(
        content: .strips(file), wholeReason: nil, stamp: stamp, time: .now - start, footprint: memory.bytes)
    }
    do throws(InferenceError) {
      try memory.check(header, fileBytes: file.bytes, name: item.input)
    } catch {
      throw error.because(reason)
    }
    let footprint = header.decodingBytes + resultBytes(header.width * header.height, classes)
    reserve(file.bytes + footprint)
    do throws(ImageError) {
      let picture = try file.raster()
      return Loaded(
        content: .whole(picture), wholeReason: reason, file: reason == nil ? file : nil, stamp: stamp,
        time: .now - start, footprint: footprint)
    } catch {
      throw .image(error)
    }
  }

  /// About how many bytes the results take at their most, with the mask and the probabilities that they are made of.
  private func resultBytes(_ pixels: Int, _ classes: Int) -> Int {
    pixels * (1 + (wantsProbabilities ? 4 * classes : 0)) + writingBytes(pixels)
  }

  /// About how many bytes making the files takes: they are written while they are made, but for regions, of which masks
  /// as networks make them have one for many pixels.
  private func writingBytes(_ pixels: Int) -> Int { 4 << 20 + (formats.contains(.json) ? 2 * pixels : 0) }

  /// Whether the network's probabilities are kept.
  var wantsProbabilities: Bool { formats.contains(where: \.needsProbabilities) }

  /// What the network makes of a picture; of one in strips, the results too, under temporary names.
  ///
  /// - Parameters:
  ///   - output: the path of the one result, where that is not the usual one.
  ///   - progress: called after each tile of a picture that has several, with the tiles done and all.
  func predict(
    _ item: InputCollection.Item, _ loaded: Loaded, with predictor: Predictor, output: String? = nil,
    progress: (_ done: Int, _ count: Int) -> Void = { _, _ in }
  ) throws(InferenceError) -> Predicted {
    switch loaded.content {
    case .strips(let file):
      return .strips(
        try StripResults(file, formats, with: predictor, progress: progress) { suffix in
          output ?? item.stem + suffix
        })
    case .whole(let picture):
      let beside = MemoryBeside(
        results: writingBytes(picture.width * picture.height),
        waiting: programBytes.map { WaitingShare(fixed: $0, own: loaded.footprint) })
      return .whole(
        try predictor.predict(
          picture, name: item.input, wantsProbabilities: wantsProbabilities, beside: beside,
          progress: progress))
    }
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
    var loaded = try load(
      item, classes: predictor.ensemble.classes.count, options: predictor.options, reserve: { _ in })
    let start = ContinuousClock.now
    var predicted: Predicted
    do throws(InferenceError) {
      predicted = try predict(item, loaded, with: predictor, output: output, progress: progress)
    } catch {
      guard case .memory = error, let file = loaded.file else { throw error.because(loaded.wholeReason) }
      // Strips need less than all of the picture, which seemed to have room.
      loaded = Loaded(
        content: .strips(file), wholeReason: nil, stamp: loaded.stamp, time: loaded.time,
        footprint: loaded.footprint)
      predicted = try predict(item, loaded, with: predictor, output: output, progress: progress)
    }
    let network = ContinuousClock.now - start
    var finished = try finish(item, loaded, predicted, output: output)
    try finished.commit()
    finished.record.add(loaded.time + network)
    return finished.record
  }
}
