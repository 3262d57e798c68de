/// Pixels, or images that have one class each, counted by true and predicted class, and the scores that follow.
public struct ConfusionMatrix: Sendable, Equatable {
  /// The number of classes.
  public let classes: Int
  /// `counts[truth · classes + prediction]`, in pixels.
  public private(set) var counts: [Int]

  /// An empty count.
  public init(classes: Int) {
    self.classes = classes
    counts = [Int](repeating: 0, count: classes * classes)
  }

  /// Counts the pixels of one image; a truth that is no class (255) does not count.
  public mutating func add(truth: [UInt8], prediction: [UInt8]) {
    precondition(truth.count == prediction.count, "one prediction for each pixel")
    let classes = classes
    counts.withUnsafeMutableBufferPointer { counts in
      for index in truth.indices {
        let (row, column) = (Int(truth[index]), Int(prediction[index]))
        if row < classes && column < classes { counts[row * classes + column] += 1 }
      }
    }
  }

  /// Counts one image that has one class; both are `0..<classes`.
  public mutating func add(truth: Int, prediction: Int) { counts[truth * classes + prediction] += 1 }

  /// Adds another count of as many classes.
  public mutating func add(_ other: ConfusionMatrix) {
    precondition(other.classes == classes, "counts of the same classes")
    for index in counts.indices { counts[index] += other.counts[index] }
  }

  /// The counts of each true class, in a row by predicted class.
  public var rows: [[Int]] {
    (0..<classes).map { Array(counts[$0 * classes..<($0 + 1) * classes]) }
  }

  /// Pixels of each class in truth.
  public var truths: [Int] {
    (0..<classes).map { row in (0..<classes).reduce(0) { $0 + counts[row * classes + $1] } }
  }

  /// Pixels of each class in prediction.
  public var predictions: [Int] {
    (0..<classes).map { column in (0..<classes).reduce(0) { $0 + counts[$1 * classes + column] } }
  }

  private func hits(_ index: Int) -> Int { counts[index * classes + index] }

  /// Intersection over union of each class; `nil` for one that neither truth nor prediction has.
  public var iou: [Double?] {
    let (truths, predictions) = (truths, predictions)
    return (0..<classes).map { ratio(hits($0), truths[$0] + predictions[$0] - hits($0)) }
  }

  /// Mean of `iou` over the classes that occur (Everingham et al. 2015, the VOC measure).
  public var meanIoU: Double { mean(iou) }

  /// Mean of `iou` by the share of pixels that each class has in truth (Long et al. 2015, arXiv:1411.4038, section 5).
  public var frequencyWeightedIoU: Double {
    let (truths, total) = (truths, counts.reduce(0, +))
    guard total > 0 else { return 0 }
    return zip(iou, truths).reduce(0) { $0 + ($1.0 ?? 0) * Double($1.1) } / Double(total)
  }

  /// Dice of each class, `2 |A ∩ B| / (|A| + |B|)`; `nil` for one that neither truth nor prediction has.
  public var dice: [Double?] {
    let (truths, predictions) = (truths, predictions)
    return (0..<classes).map { ratio(2 * hits($0), truths[$0] + predictions[$0]) }
  }

  /// Mean of `dice` over the classes that occur.
  public var meanDice: Double { mean(dice) }

  /// Dice of all classes but the first taken as one: for sets whose class 0 is the background.
  public var foregroundDice: Double? {
    guard classes > 1 else { return nil }
    let (truth, prediction) = (truths.dropFirst().reduce(0, +), predictions.dropFirst().reduce(0, +))
    var hits = 0
    for row in 1..<classes { for column in 1..<classes { hits += counts[row * classes + column] } }
    return ratio(2 * hits, truth + prediction)
  }

  /// Share of pixels predicted right.
  public var pixelAccuracy: Double {
    ratio((0..<classes).reduce(0) { $0 + hits($1) }, counts.reduce(0, +)) ?? 0
  }

  /// Mean over classes of the share of their pixels predicted right.
  public var classAccuracy: Double { mean(accuracies) }

  /// Share of each class's pixels or images predicted right; `nil` for a class that truth has not.
  public var accuracies: [Double?] {
    let truths = truths
    return (0..<classes).map { ratio(hits($0), truths[$0]) }
  }

  private func ratio(_ part: Int, _ whole: Int) -> Double? {
    whole == 0 ? nil : Double(part) / Double(whole)
  }

  private func mean(_ values: [Double?]) -> Double {
    let present = values.compactMap(\.self)
    return present.isEmpty ? 0 : present.reduce(0, +) / Double(present.count)
  }
}
