import ArgumentParser
import Files
import Foundation
import Images
import Inference
import Inspection
import Segmentation

/// `segment INPUT…`
struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Gives every pixel of images a class (the default subcommand).",
    discussion: """
      Without --model and --weights, by the unet that ships, which knows street scenes. Writes NAME.mask.png for each image: an 8-bit palette PNG whose indices are the classes and whose colours show \
      them. Prints each class with its pixels and share. Of several --weights, the probabilities are averaged. An image \
      that would need more memory than --max-memory is cut into tiles that overlap. Exit status 2 says that some files \
      failed.

      Formats: mask (NAME.mask.png), color (NAME.color.png, RGB), overlay (NAME.overlay.png, the colours over the image, \
      with a legend below), cutout (NAME.cutout.png, RGBA: the pixels of --classes, or of all but the first), \
      probabilities (NAME.probabilities.safetensors), probability-maps (NAME.probabilities.CLASS.png, 16-bit gray), json \
      (NAME.classes.json: pixels, share, boxes, polygons and COCO run lengths).

      Of a folder, the tree below it is kept in the output folder. manifest.jsonl there tells what became of each image; \
      the same call again goes on after a stop or a crash, skips images whose results stand, and tries failed ones again.
      """)

  @Argument(help: ArgumentHelp("Images, folders, or - for standard input.", valueName: "input"))
  var inputs: [String] = []

  @OptionGroup var modelOptions: ModelOptions

  @Option(
    help: "A folder for the results, or a file for the one result of one image. Default: beside each image.")
  var output: String?

  @OptionGroup var predictionOptions: PredictionOptionGroup

  @Flag(help: "Print one JSON value.")
  var json = false

  @OptionGroup var batchOptions: BatchOptions

  @OptionGroup var limitOptions: LimitOptions

  @OptionGroup var threadOptions: ThreadOptions

  func validate() throws {
    if inputs.isEmpty && batchOptions.filesFrom == nil {
      // Who says nothing at all wants to know what there is to say.
      let help = CommandLine.arguments.count > 1 ? "" : "\n\n\(Segment.helpMessage())"
      throw ValidationError("Missing expected argument '<input> ...'\(help)")
    }
    if inputs.contains("") {
      throw ValidationError("expected the path of an image or a folder, found an empty one")
    }
    guard inputs.contains("-") else { return }
    if inputs.count > 1 || batchOptions.filesFrom != nil {
      throw ValidationError("-: expected standard input alone, found other inputs too")
    }
    if batchOptions.shard != nil {
      throw ValidationError("--shard: expected files or folders, found standard input")
    }
    if json && output == nil {
      throw ValidationError("--json: expected --output for the result of standard input, found none")
    }
  }

  /// The subcommand that was meant by a word that is no path of anything.
  private static func subcommand(near word: String) -> String? {
    guard !word.contains(where: { $0 == "." || $0 == "/" }),
      !FileManager.default.fileExists(atPath: word)
    else { return nil }
    let names = Segment.configuration.subcommands.map {
      $0.configuration.commandName ?? String(describing: $0).lowercased()
    }
    return NearNames.nearest(to: word, in: names, within: min(2, word.count / 3))
  }

  func run() throws {
    if let word = inputs.first, let meant = Self.subcommand(near: word) {
      throw CommandError.mistypedSubcommand(word, meant: meant)
    }
    let formats = predictionOptions.formats
    if inputs == ["-"] { return try predictStandardInput(formats) }
    let target = try ResultTarget(
      output: output, pictures: inputs, isBatch: batchOptions.isBatch, formats: formats)
    let list = try batchOptions.listed()
    if let list, inputs.isEmpty, list.paths.isEmpty, list.unreadable.isEmpty { return try showNothing() }
    let collection = try InputCollection(
      inputs, listed: list?.paths ?? [], unreadable: list?.unreadable ?? [], root: batchOptions.root,
      output: target.folder)
    noteOmissions(of: collection)
    let isBatch =
      collection.items.count > 1 || batchOptions.isBatch || inputs.contains(where: InputCollection.isFolder)
    if isBatch { return try run(collection, formats) }
    guard let item = collection.items.first else { return }
    let predictor = try predictor()
    // A file that is named itself is meant to be replaced.
    let guarded = target.file == nil && !batchOptions.overwrite ? item.stem.parentFolder : nil
    let work = PictureWork(
      formats, on: [item], limits: limitOptions.limits, besideJobsIn: guarded.map { $0.isEmpty ? "." : $0 })
    try showRecord(of: item.input, predictor) { () throws(InferenceError) in
      try work.run(
        item, with: predictor, output: target.file, progress: PredictionOptionGroup.showTiles(of: item.input))
    }
  }

  /// Shows what became of one image; of one that failed as JSON alone, before its error is told.
  private func showRecord(
    of input: String, _ predictor: Predictor, _ work: () throws(InferenceError) -> JobRecord
  ) throws {
    let record: JobRecord
    do throws(InferenceError) {
      record = try work()
    } catch {
      Console.endProgress()
      if json { try show([.failed(input, error)], predictor) }
      throw error
    }
    Console.endProgress()
    try show([record], predictor)
  }

  /// Many pictures.
  private func run(_ collection: InputCollection, _ formats: [ResultFormat]) throws {
    let shard = try batchOptions.part()
    if shard != nil && collection.folder == nil {
      throw ValidationError(InferenceError.shardWithoutFolder.description)
    }
    let job = try SegmentationJob(
      collection, shard: shard, overwrites: batchOptions.overwrite, limits: limitOptions.limits)
    if collection.folder == nil { noteMissingManifest() }
    let predictor = try predictor()
    let signals = StopSignals(finishing: "the images under way")
    var records: [JobRecord] = []
    var problem: (any Error)?
    let display = JobDisplay()
    let summary = try job.run(
      with: predictor, formats,
      settings: JobSettings(predictor.ensemble, formats, options: predictor.options), until: signals.request
    ) { record, progress in
      if json {
        records.append(record)
      } else if record.status == .done {
        Console.endProgress()
        do {
          try Console.result(record.table)
        } catch {
          problem = error
          signals.request.make()
        }
      }
      display.show(progress)
    } tiles: {
      display.show(tile: $1, of: $2, $0)
    }
    Console.endProgress()
    if let problem { throw problem }
    if json { try show(records, predictor) }
    display.end(summary)
    if summary.wasStopped { throw ExitCode(signals.exitStatus) }
    if summary.progress.failed > 0 { throw ExitCode(2) }
  }

  /// What an empty list of images gives: nothing, which is no error of who searched for new ones.
  private func showNothing() throws {
    Console.note("--files-from: no images listed, nothing to do")
    if json { try Console.json(PredictReport(model: try predictor().ensemble.name, images: [])) }
  }

  private func noteOmissions(of collection: InputCollection) {
    if !collection.others.isEmpty {
      Console.note("left out \(collection.others.endingList) files, which are no PNG or JPEG images")
    }
    if let first = collection.results.first {
      let count = collection.results.count
      Console.note(
        "left out \(first)\(count > 1 ? " and \(count - 1) more" : ""), results of other images that were given"
      )
    }
  }

  /// Several folders of results have no place for one manifest.
  private func noteMissingManifest() {
    guard inputs.contains(where: InputCollection.isFolder) else { return }
    Console.note(
      "results lie in several folders: without a manifest every image is done again; name one folder with --output"
    )
  }

  private func show(_ records: [JobRecord], _ predictor: Predictor) throws {
    if json {
      try Console.json(PredictReport(model: predictor.ensemble.name, images: records.map(FileReport.init)))
    } else {
      for record in records { try Console.result(record.table) }
    }
  }

  private func predictor() throws -> Predictor {
    let pool = threadOptions.pool()
    let predictor = try Predictor(
      try modelOptions.loadEnsemble(pool: pool, for: .segmentation), options: predictionOptions.options,
      pool: pool)
    predictor.note = Console.note
    return predictor
  }

  /// One image from standard input; its results go to `--output`, or the one to standard output.
  private func predictStandardInput(_ formats: [ResultFormat]) throws {
    let target = try ResultTarget(output: output, pictures: [nil], isBatch: false, formats: formats)
    if target == .besidePictures && !(formats.count == 1 && formats[0].isOneFile) {
      throw InferenceError.outputIsFile(path: "standard output", results: max(2, formats.count))
    }
    let predictor = try predictor()
    func prediction() throws(InferenceError) -> Prediction {
      let bytes: [UInt8]
      do throws(FileError) {
        bytes = try WholeFile.readStandardInput(limit: limitOptions.limits.maxFileBytes)
      } catch {
        throw .image(ImageError(error))
      }
      return try predictor.predict(
        try predictor.picture(in: bytes, name: "standard input", limits: limitOptions.limits),
        name: "standard input", wantsProbabilities: formats.contains(where: \.needsProbabilities))
    }
    if target == .besidePictures {
      return try Console.result(try prediction().files(as: formats[0], input: "-")[0])
    }
    try showRecord(of: "-", predictor) { () throws(InferenceError) in
      let work = PictureWork(
        formats, limits: limitOptions.limits, besideJobsIn: batchOptions.overwrite ? nil : target.folder)
      return try work.write(try prediction(), to: target)
    }
  }
}

/// What `predict --json` prints.
struct PredictReport: Encodable {
  let model: String
  let images: [FileReport]
}

/// One image of it.
struct FileReport: Encodable {
  let input: String
  let status: JobRecord.Status
  let outputs: [String]
  let width: Int
  let height: Int
  let classes: [ClassShare]
  let ms: Double
  let error: String?

  init(_ record: JobRecord) {
    (input, status, outputs, ms) = (record.input, record.status, record.outputs, record.milliseconds)
    (width, height, classes, error) = (record.width, record.height, record.classes, record.error)
  }
}

extension JobRecord {
  /// The image, where its results lie, and each class that occurs with its pixels and share.
  var table: String {
    let present = classes.filter { $0.pixels > 0 }.sorted { $0.pixels > $1.pixels }
    let width = present.map(\.name.count).max() ?? 0
    let lines = present.map { share in
      let name = share.name.padding(toLength: width, withPad: " ", startingAt: 0)
      let pixels = String(share.pixels)
      let percent = decimals(100 * share.share, 2)
      return "  \(name)  \(String(repeating: " ", count: max(0, 10 - pixels.count)))\(pixels) px"
        + "  \(String(repeating: " ", count: max(0, 6 - percent.count)))\(percent) %"
    }
    let size = "\(self.width)×\(height)"
    return (["\(input) (\(size)) → \(outputs.joined(separator: ", "))"] + lines).joined(separator: "\n")
  }
}
