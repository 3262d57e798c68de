import Images
import TensorCore

/// Rows of a picture whose labels are final, and their pixels.
public struct PredictedRows {
  /// Which rows of the picture they are.
  public let rows: Range<Int>
  /// The class of every pixel, rows from the top; `Prediction.noClass` for those of none of the chosen ones.
  public let labels: [UInt8]
  /// 8-bit RGB; the rows are among its own.
  private let picture: Raster
  /// The picture's row that is the first in `picture`.
  private let first: Int

  init(rows: Range<Int>, labels: [UInt8], in window: RowWindow) {
    (self.rows, self.labels) = (rows, labels)
    (picture, first) = (window.picture, window.first)
  }

  /// Calls `body` with the labels of row `y` of the picture and its samples, three for each label.
  func withRow<Failure: Error>(
    _ y: Int,
    _ body: (_ labels: UnsafeBufferPointer<UInt8>, _ rgb: UnsafeBufferPointer<UInt8>) throws(Failure) -> Void
  ) throws(Failure) {
    guard case .eight(let samples) = picture.samples else { return }
    let (width, row) = (picture.width, 3 * picture.width)
    try labels.withUnsafeBufferPointer { labels throws(Failure) in
      try samples.withUnsafeBufferPointer { samples throws(Failure) in
        let place = (y - rows.lowerBound) * width
        try body(
          UnsafeBufferPointer(rebasing: labels[place..<place + width]),
          UnsafeBufferPointer(rebasing: samples[(y - first) * row..<(y - first + 1) * row]))
      }
    }
  }
}

extension Predictor {
  /// The class of every pixel of a picture that is read row by row, by the mean of the probabilities of all models and
  /// views, as `predict` gives it in tiles. Neither the picture nor its mask is ever in memory whole; regions cannot be
  /// looked for, `options.minArea` must be 0 or 1.
  ///
  /// - Parameters:
  ///   - file: a picture without a `rowObstacle`.
  ///   - handOnBytes: what `handOn` takes in memory.
  ///   - progress: called after each tile, with the tiles done and all.
  ///   - handOn: gets all rows from the top, each once, as soon as they are finished.
  /// - Returns: pixels and share of each class, by index.
  /// - Throws: `InferenceError` when the file is damaged or cut off, the network does not take the size, or memory does
  ///   not suffice; and what `handOn` throws.
  public func predict(
    rowsOf file: ImageFile, handOnBytes: Int = 0,
    progress: (_ done: Int, _ count: Int) -> Void = { _, _ in },
    handOn: (PredictedRows) throws(InferenceError) -> Void
  ) throws(InferenceError) -> [ClassShare] {
    try predictStrips(of: file, handOnBytes: handOnBytes, progress: progress, handOn: handOn).classes
  }

  /// As `predict(rowsOf:)`, and whether the tiles were smaller than what the network sees around a pixel.
  func predictStrips(
    of file: ImageFile, handOnBytes: Int, progress: (_ done: Int, _ count: Int) -> Void,
    handOn: (PredictedRows) throws(InferenceError) -> Void
  ) throws(InferenceError) -> (classes: [ClassShare], hasSmallTiles: Bool) {
    precondition(options.minArea <= 1, "regions are found in whole masks")
    let (width, height) = (file.header.width, file.header.height)
    let cut = try cut(
      CutRequest(
        width: width, height: height,
        holding: .strips(bytes: file.header.rowReadingBytes + handOnBytes), wantsProbabilities: false),
      name: file.path)
    for (model, budget) in zip(ensemble.members, cut.budgets) { model.network.budget = budget }
    let reader: ImageRowReader
    do throws(ImageError) {
      reader = try file.rows(maxMemory: file.header.rowReadingBytes)
    } catch {
      throw .image(error)
    }
    let axis = cut.layout.rows
    var window = RowWindow(reader, rows: axis.length)
    var output = PredictionOutput(
      width: width, rows: 0..<0, classes: ensemble.classes.count, threshold: options.threshold,
      collectsProbabilities: false)
    var counts = [Int](repeating: 0, count: 256)
    try predictTiles(
      cut.layout, into: &output, name: file.path, progress,
      begin: { row, output throws(InferenceError) in
        try window.move(to: axis.origins[row]..<axis.origins[row] + axis.length)
        output.move(to: axis.finished(row))
        return (window.picture, window.first)
      },
      end: { row, output throws(InferenceError) in
        keepChosen(&output.labels)
        for label in output.labels { counts[Int(label)] += 1 }
        try handOn(PredictedRows(rows: axis.finished(row), labels: output.labels, in: window))
      })
    return (ClassShare.all(counts, of: ensemble.classes), !cut.layout.coversReceptiveField)
  }
}
