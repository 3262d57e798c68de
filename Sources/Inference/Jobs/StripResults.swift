import Files
import Images

/// The results of a picture that went through in strips: complete, under temporary names.
struct StripResults: Sendable {
  /// The picture's, in pixels.
  let width: Int
  /// The picture's, in pixels.
  let height: Int
  /// Pixels and share of each class.
  let classes: [ClassShare]
  /// Whether the tiles were smaller than what the network sees around a pixel.
  let hasSmallTiles: Bool
  /// In the order of the formats.
  let files: [StagedFile]
  /// The files' places as they were named.
  let outputs: [String]

  /// Reads a picture, runs the network and writes the results, all strip by strip.
  ///
  /// - Parameter path: gives the place of a result with that ending.
  /// - Throws: `InferenceError`; then no file is left.
  init(
    _ file: ImageFile, _ formats: [ResultFormat], with predictor: Predictor,
    progress: (_ done: Int, _ count: Int) -> Void, path: (_ suffix: String) -> String
  ) throws(InferenceError) {
    (width, height) = (file.header.width, file.header.height)
    let names = predictor.ensemble.classes
    let painter = ResultPainter(
      classes: names, palette: predictor.palette, chosenClasses: predictor.chosenClasses,
      hasNoClass: predictor.canHaveNoClass)
    outputs = formats.map { path($0.suffix) }
    var results: [RowResult] = []
    for (format, output) in zip(formats, outputs) {
      results.append(
        try RowResult(format, path: output, width: width, height: height, classes: names.count, painter))
    }
    (classes, hasSmallTiles) = try predictor.predictStrips(
      of: file, handOnBytes: formats.count * RowResult.bytes(width: width), progress: progress
    ) { rows throws(InferenceError) in
      for result in results { try result.write(rows) }
    }
    var files: [StagedFile] = []
    do throws(InferenceError) {
      for result in results { files.append(try result.finish()) }
    } catch {
      for file in files { file.discard() }
      throw error
    }
    self.files = files
  }
}
