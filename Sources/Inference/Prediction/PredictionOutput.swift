import TensorCore

/// What becomes of probabilities: labels, and themselves if they are wanted.
struct PredictionOutput {
  var labels: [UInt8]
  private(set) var probabilities: Tensor?
  private let classes: Int
  private let threshold: Float?

  /// Labels of a picture, and probabilities if they are collected part by part.
  init(width: Int, height: Int, classes: Int, threshold: Float?, collectsProbabilities: Bool) {
    (self.classes, self.threshold) = (classes, threshold)
    labels = [UInt8](repeating: 0, count: width * height)
    probabilities = collectsProbabilities ? Tensor(zeros: [1, height, width, classes]) : nil
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
    let (classes, threshold) = (classes, threshold)
    // Taken out for the time, so that it stays the only reference.
    var values = probabilities.take()
    labels.withUnsafeMutableBufferPointer { labels in
      guard let base = labels.baseAddress else { return }
      let pixels = labels.count
      func write(_ values: UnsafeMutablePointer<Float>?) {
        body(
          PredictionWriter(
            pixels: pixels, labels: base, values: values, classes: classes, threshold: threshold))
      }
      guard values != nil else { return write(nil) }
      values?.withUnsafeMutableElements { write($0.baseAddress) }
    }
    probabilities = values
  }
}

/// Writes labels and probabilities of some pixels of a picture.
struct PredictionWriter {
  /// Pixels of the picture.
  let pixels: Int
  fileprivate let labels: UnsafeMutablePointer<UInt8>
  fileprivate let values: UnsafeMutablePointer<Float>?
  fileprivate let classes: Int
  fileprivate let threshold: Float?

  fileprivate init(
    pixels: Int, labels: UnsafeMutablePointer<UInt8>, values: UnsafeMutablePointer<Float>?, classes: Int,
    threshold: Float?
  ) {
    (self.pixels, self.labels, self.values) = (pixels, labels, values)
    (self.classes, self.threshold) = (classes, threshold)
  }

  /// Writes both for `count` pixels from pixel `first` on.
  func write(_ first: Int, _ count: Int, _ probabilities: UnsafePointer<Float>) {
    label(first, count, probabilities)
    if let values { (values + first * classes).update(from: probabilities, count: count * classes) }
  }

  /// Writes the labels: the class of the largest probability, the first of equals; of two with a threshold, the second
  /// where it is more probable than that.
  func label(_ first: Int, _ count: Int, _ probabilities: UnsafePointer<Float>) {
    for index in 0..<count {
      let pixel = probabilities + index * classes
      if let threshold {
        labels[first + index] = pixel[1] > threshold ? 1 : 0
        continue
      }
      var best = 0
      for channel in 1..<max(1, classes) where pixel[channel] > pixel[best] { best = channel }
      labels[first + index] = UInt8(truncatingIfNeeded: best)
    }
  }
}
