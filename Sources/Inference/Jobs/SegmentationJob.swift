import Files
import Foundation
import Images
import TensorCore

/// The segmentation of many pictures, which can be stopped at any moment and goes on where it was.
///
/// While the network is at work on a picture, the next ones are read and the results of the last ones written. Pictures
/// whose results stand are skipped; one that cannot be done is told and the others go on.
public struct SegmentationJob: Sendable {
  /// The pictures of this run.
  public let items: [InputCollection.Item]
  private let folder: String?
  private let shard: Shard?
  private let overwrites: Bool
  private let limits: ImageLimits

  /// A job over `inputs`, or over a part of them.
  ///
  /// Its manifest lies in `inputs.folder`; without one nothing is skipped.
  ///
  /// - Parameter overwrites: whether pictures whose results stand are done again, and whether results replace files that
  ///   the manifest does not know.
  /// - Throws: `InferenceError.shardWithoutFolder` for a part of inputs without a folder for the manifest.
  public init(
    _ inputs: InputCollection, shard: Shard? = nil, overwrites: Bool = false, limits: ImageLimits = .standard
  ) throws(InferenceError) {
    if shard != nil && inputs.folder == nil { throw .shardWithoutFolder }
    items = shard?.part(of: inputs.items) ?? inputs.items
    (folder, self.shard, self.overwrites, self.limits) = (inputs.folder, shard, overwrites, limits)
  }

  private typealias Pipeline = JobPipeline<PictureWork.Loaded, Segmented, PictureWork.Finished>

  private struct Segmented: Sendable {
    let loaded: PictureWork.Loaded
    let predicted: PictureWork.Predicted
    let time: Duration
  }

  /// Runs the job.
  ///
  /// - Parameters:
  ///   - settings: what decides the results; a picture is done again when they are others.
  ///   - stop: ends the job after the pictures under way; of one in tiles, after the next tile, and it is left for the
  ///     next run.
  ///   - report: told of each picture in the order of the pictures, when its results and its line in the manifest stand.
  ///   - tiles: told of each tile of a picture that has several, on any thread, with the tiles done and all.
  /// - Throws: `InferenceError` when the job cannot begin, or its manifest cannot be written; a picture that fails is no
  ///   such error.
  public func run(
    with predictor: Predictor, _ formats: [ResultFormat], settings: JobSettings,
    until stop: StopRequest = StopRequest(),
    _ report: (JobRecord, JobProgress) throws(InferenceError) -> Void = { (_, _) throws(InferenceError) in },
    tiles: @escaping @Sendable (_ picture: String, _ done: Int, _ count: Int) -> Void = { _, _, _ in }
  ) throws(InferenceError) -> JobSummary {
    var manifest: JobManifest?
    if let folder { manifest = try JobManifest(folder, shard: shard, items: items) }
    removeLeftovers()
    let results = ResultGuard(items, owners: overwrites ? nil : manifest?.owners ?? [:])
    let programBytes = MemoryNeed.program(predictor.ensemble)
    let waiting = WaitingShare(fixed: programBytes, own: 0).bytes(within: predictor.options.memory.bytes)
    let work = PictureWork(
      formats, limits: limits, settings: settings, results: results, programBytes: programBytes)
    var summary = JobSummary(progress: JobProgress(count: items.count), manifest: manifest?.path)
    let start = ContinuousClock.now
    predictor.stop = stop
    defer { predictor.stop = nil }
    let crew = PredictorCrew(predictor, pictures: items.count)
    let earlier = overwrites ? .none : manifest?.earlier ?? .none
    let pipeline = Pipeline(
      count: items.count, networks: crew.count, byteLimit: waiting, until: stop,
      stages(work, earlier: earlier, settings, crew, tiles))
    try pipeline.run(
      commit: { index, output throws(InferenceError) in
        guard !output.isGivenUp else { return }
        var record = output.record
        do throws(InferenceError) {
          try output.commit()
          if record.status == .done { record.noteTimes() }
        } catch {
          record = .failed(items[index].input, error)
        }
        do throws(FileError) { try manifest?.append(record, for: index) } catch { throw .file(error) }
        summary.progress.add(record.status, at: (.now - start).seconds)
        if record.status == .failed && summary.failures.count < JobSummary.shownFailures {
          summary.failures.append(record)
        }
        try report(record, summary.progress)
      },
      discard: { $0.discard() })
    do throws(FileError) { try manifest?.finish() } catch { throw .file(error) }
    summary.wasStopped = summary.progress.finished < items.count
    return summary
  }

  private func stages(
    _ work: PictureWork, earlier: EarlierRecords, _ settings: JobSettings, _ crew: PredictorCrew,
    _ tiles: @escaping @Sendable (_ picture: String, _ done: Int, _ count: Int) -> Void
  ) -> Pipeline.Stages {
    Pipeline.Stages(
      load: { index, reserve in
        let item = items[index]
        if var record = earlier[index], let stamp = FileStamp(item.input),
          record.proves(item, stamp, settings: settings)
        {
          record.skip(item)
          return .settled(.init(record: record, files: []))
        }
        do throws(InferenceError) {
          return .next(try work.load(item, classes: crew.classes, options: crew.options, reserve: reserve))
        } catch {
          return .settled(failure(index, error))
        }
      },
      network: { thread, index, loaded in
        let begun = ContinuousClock.now
        do throws(InferenceError) {
          let input = items[index].input
          let predicted = try crew.predict(items[index], loaded, work, member: thread) {
            tiles(input, $0, $1)
          }
          return .success(Segmented(loaded: loaded, predicted: predicted, time: .now - begun))
        } catch {
          return .failure(.init(output: failure(index, error.because(loaded.wholeReason))))
        }
      },
      finish: { index, segmented in
        let item = items[index]
        do throws(InferenceError) {
          var finished = try work.finish(item, segmented.loaded, segmented.predicted)
          finished.record.add(segmented.loaded.time + segmented.time)
          return finished
        } catch {
          return failure(index, error)
        }
      })
  }

  private func failure(_ index: Int, _ error: InferenceError) -> PictureWork.Finished {
    var isGivenUp = false
    if case .stopped = error { isGivenUp = true }
    return .init(record: .failed(items[index].input, error), files: [], isGivenUp: isGivenUp)
  }

  /// Removes the temporary files of a run that was killed; those of this job's results only, because other shards may be
  /// at work.
  private func removeLeftovers() {
    var stems: [String: Set<ExactPath>] = [:]
    for item in items {
      stems[item.stem.parentFolder, default: []].insert(ExactPath(item.stem.fileName))
    }
    for (folder, stems) in stems {
      DurableFile.removeLeftovers(in: folder.isEmpty ? "." : folder) { name in
        var stem = Substring(name)
        while let dot = stem.lastIndex(of: ".") {
          stem = stem[..<dot]
          if stems.contains(ExactPath(String(stem))) { return true }
        }
        return false
      }
    }
    if let folder, shard == nil { DurableFile.removeLeftovers(in: folder) { $0.hasPrefix("manifest.") } }
  }
}

extension Duration {
  fileprivate var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
