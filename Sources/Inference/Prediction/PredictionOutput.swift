import TensorCore

/// What becomes of probabilities: labels, and themselves if they are wanted.
struct PredictionOutput {
  /// Of the picture's rows that are collected.
  var labels: [UInt8]
  private var rows: Range<Int>
  private let width: Int
  private(set) var probabilities: Tensor?
  private let classes: Int
  private let threshold: Float?

  /// Labels of some rows of a picture, and probabilities if they are collected part by part.
  init(width: Int, rows: Range<Int>, classes: Int, threshold: Float?, collectsProbabilities: Bool) {
    (self.width, self.rows, self.classes, self.threshold) = (width, rows, classes, threshold)
    labels = [UInt8](repeating: 0, count: width * rows.count)
    probabilities = collectsProbabilities ? Tensor(zeros: [1, rows.count, width, classes]) : nil
  }

  /// Turns to other rows, of which no probabilities are collected.
  mutating func move(to rows: Range<Int>) {
    precondition(probabilities == nil)
    self.rows = rows
    let count = width * rows.count
    if count > labels.count {
      labels.append(contentsOf: repeatElement(0, count: count - labels.count))
    } else {
      labels.removeLast(labels.count - count)
    }
  }

  /// Takes the probabilities of the whole picture, `[1, H, W, C]`, and keeps them or not.
  mutating func set(_ tensor: Tensor, keeps: Bool, pool: ThreadPool) {
    tensor.withUnsafeElements { elements in
      guard let base = elements.baseAddress else { return }
      let classes = classes
      withWriter { writer in
        pool.forEachChunk(of: writer.pixels, size: 8192) { range in
          writer.label(range.lowerBound, range.count, base + range.lowerBound * classes)
        }
      }
    }
    if keeps { probabilities = tensor }
  }

  /// Calls `body` with what writes parts of the output, which may be called on several threads for different pixels.
  mutating func withWriter(_ body: (PredictionWriter) -> Void) {
    let (width, first, classes, threshold) = (width, rows.lowerBound, classes, threshold)
    // Taken out for the time, so that it stays the only reference.
    var values = probabilities.take()
    labels.withUnsafeMutableBufferPointer { labels in
      guard let base = labels.baseAddress else { return }
      let pixels = labels.count
      func write(_ values: UnsafeMutablePointer<Float>?) {
        body(
          PredictionWriter(
            pixels: pixels, width: width, first: first, labels: base, values: values, classes: classes,
            threshold: threshold))
      }
      guard values != nil else { return write(nil) }
      values?.withUnsafeMutableElements { write($0.baseAddress) }
    }
    probabilities = values
  }
}

/// Writes labels and probabilities of some pixels of a picture.
struct PredictionWriter {
  /// Pixels of the rows that are written.
  let pixels: Int
  private let width: Int
  /// The picture's row that is the first of them.
  private let first: Int
  fileprivate let labels: UnsafeMutablePointer<UInt8>
  fileprivate let values: UnsafeMutablePointer<Float>?
  fileprivate let classes: Int
  fileprivate let threshold: Float?

  fileprivate init(
    pixels: Int, width: Int, first: Int, labels: UnsafeMutablePointer<UInt8>,
    values: UnsafeMutablePointer<Float>?, classes: Int, threshold: Float?
  ) {
    (self.pixels, self.width, self.first, self.labels, self.values) = (pixels, width, first, labels, values)
    (self.classes, self.threshold) = (classes, threshold)
  }

  /// Writes both for `count` pixels of the picture's row `y` from column `x` on.
  func write(_ y: Int, _ x: Int, _ count: Int, _ probabilities: UnsafePointer<Float>) {
    let place = (y - first) * width + x
    label(place, count, probabilities)
    if let values { (values + place * classes).update(from: probabilities, count: count * classes) }
  }

  /// Writes the labels of pixels from a place in the rows on: the class of the largest probability, the first of equals; of two with a threshold, the second
  /// where it is more probable than that.
  func label(_ place: Int, _ count: Int, _ probabilities: UnsafePointer<Float>) {
    for index in 0..<count {
      let pixel = probabilities + index * classes
      if let threshold {
        labels[place + index] = pixel[1] > threshold ? 1 : 0
        continue
      }
      var best = 0
      for channel in 1..<max(1, classes) where pixel[channel] > pixel[best] { best = channel }
      labels[place + index] = UInt8(truncatingIfNeeded: best)
    }
  }
}
