import ArgumentParser
import Files
import Foundation
import Images
import Inference
import Segmentation

/// `segment INPUT…`
struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Gives every pixel of images a class (the default subcommand).",
    discussion: """
      Writes NAME.mask.png for each image: an 8-bit palette PNG whose indices are the classes and whose colours show \
      them. Prints each class with its pixels and share. Of several --weights, the probabilities are averaged. An image \
      that would need more memory than --max-memory is cut into tiles that overlap. Exit status 2 says that some files \
      failed.

      Formats: mask (NAME.mask.png), color (NAME.color.png, RGB), overlay (NAME.overlay.png, the colours over the image, \
      with a legend below), cutout (NAME.cutout.png, RGBA: the pixels of --classes, or of all but the first), \
      probabilities (NAME.probabilities.safetensors), probability-maps (NAME.probabilities.CLASS.png, 16-bit gray), json \
      (NAME.classes.json: pixels, share, boxes, polygons and COCO run lengths).
      """)

  @Argument(help: ArgumentHelp("Images, folders, or - for standard input.", valueName: "input"))
  var inputs: [String]

  @OptionGroup var modelOptions: ModelOptions

  @Option(help: "A folder for the results, or the mask's file for one image. Default: beside each image.")
  var output: String?

  @OptionGroup var predictionOptions: PredictionOptionGroup

  @Flag(help: "Print one JSON value.")
  var json = false

  @OptionGroup var threadOptions: ThreadOptions

  func validate() throws {
    guard inputs.contains("-") else { return }
    if inputs.count > 1 { throw ValidationError("-: expected standard input alone, found other inputs too") }
    if json && output == nil {
      throw ValidationError("--json: expected --output for the result of standard input, found none")
    }
  }

  func run() throws {
    let formats = predictionOptions.formats
    if inputs == ["-"] { return try predictStandardInput(formats) }
    let target = try outputTarget(formats)
    let items = try InputCollection(inputs, output: target.folder).items
    let predictor = try predictor()
    var reports: [FileReport] = []
    var failures = 0
    for (index, item) in items.enumerated() {
      Console.progress("\(index + 1)/\(items.count) \(item.input)")
      do {
        let report = try predict(item, formats, predictor, file: target.file)
        reports.append(report)
        if !json {
          Console.endProgress()
          try Console.result(report.table)
        }
      } catch {
        guard items.count > 1 else { throw error }
        failures += 1
        Console.endProgress()
        let text = OneLineError(error).description
        Console.note("Error: \(text)")
        reports.append(
          FileReport(input: item.input, outputs: [], width: 0, height: 0, classes: [], error: text))
      }
    }
    Console.endProgress()
    if json { try Console.json(PredictReport(model: predictor.ensemble.name, images: reports)) }
    if failures > 0 {
      Console.note("\(failures) of \(items.count) files failed")
      throw ExitCode(2)
    }
  }

  private func predictor() throws -> Predictor {
    let pool = threadOptions.pool()
    return try Predictor(
      try modelOptions.loadEnsemble(pool: pool, for: .segmentation), options: predictionOptions.options,
      pool: pool)
  }

  /// `--output` names a file when it ends as the one result would, and a folder otherwise.
  private func outputTarget(_ formats: [ResultFormat]) throws -> (folder: String?, file: String?) {
    guard let output else { return (nil, nil) }
    let endings = formats.compactMap { $0.suffix.split(separator: ".").last.map { ".\($0)" } } + [".png"]
    let isFile = endings.contains(where: output.lowercased().hasSuffix) && !InputCollection.isFolder(output)
    guard isFile else { return (output, nil) }
    guard inputs.count == 1, formats.count == 1, formats[0].isOneFile, !InputCollection.isFolder(inputs[0])
    else {
      throw InferenceError.outputIsFile(path: output, results: max(2, inputs.count * formats.count))
    }
    let same = [output, inputs[0]].map { URL(fileURLWithPath: $0).resolvingSymlinksInPath().path }
    if same[0] == same[1] { throw InferenceError.outputIsInput(path: output) }
    return (nil, output)
  }

  private func predict(
    _ item: InputCollection.Item, _ formats: [ResultFormat], _ predictor: Predictor, file: String?
  ) throws -> FileReport {
    let prediction = try predictor.predict(
      try predictor.picture(at: item.input), name: item.input,
      wantsProbabilities: formats.contains(where: \.needsProbabilities),
      progress: PredictionOptionGroup.showTiles(of: item.input))
    var outputs: [String] = []
    // All are made before the first is written, so that a failure leaves nothing half done.
    let results = try formats.flatMap { try prediction.files(as: $0, input: item.input) }
    for result in results {
      let path = file ?? item.stem + result.suffix
      do {
        try DurableFile.write(result.bytes, to: path)
      } catch {
        throw InferenceError.file(error)
      }
      outputs.append(path)
    }
    return FileReport(
      input: item.input, outputs: outputs, width: prediction.mask.width, height: prediction.mask.height,
      classes: prediction.summary, error: nil)
  }

  /// One image from standard input; one result to `--output`, or to standard output.
  private func predictStandardInput(_ formats: [ResultFormat]) throws {
    guard formats.count == 1, let format = formats.first, format.isOneFile else {
      throw InferenceError.outputIsFile(path: output ?? "standard output", results: max(2, formats.count))
    }
    let bytes: [UInt8]
    do { bytes = try WholeFile.readStandardInput(limit: 1 << 31) } catch { throw InferenceError.file(error) }
    let predictor = try predictor()
    let prediction = try predictor.predict(
      try predictor.picture(in: bytes, name: "standard input"), name: "standard input",
      wantsProbabilities: format.needsProbabilities)
    let result = try prediction.files(as: format, input: "-")[0].bytes
    guard let output else { return try Console.result(result) }
    try DurableFile.write(result, to: output)
    let report = FileReport(
      input: "-", outputs: [output], width: prediction.mask.width, height: prediction.mask.height,
      classes: prediction.summary, error: nil)
    if json {
      try Console.json(PredictReport(model: predictor.ensemble.name, images: [report]))
    } else {
      try Console.result(report.table)
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
  let outputs: [String]
  let width: Int
  let height: Int
  let classes: [ClassShare]
  let error: String?

  /// The image, where its result lies, and each class that occurs with its pixels and share.
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
