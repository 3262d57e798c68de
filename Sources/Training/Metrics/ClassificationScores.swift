/// What an evaluation of images that have one class each measured.
public struct ClassificationScores: Sendable {
  /// Class names, in the order of their indices.
  public let classes: [String]
  /// Images counted.
  public private(set) var images = 0
  /// Images by truth and prediction.
  public private(set) var confusion: ConfusionMatrix
  private var hits1 = 0
  private var hits5 = 0

  /// Nothing counted yet.
  public init(classes: [String]) {
    self.classes = classes
    confusion = ConfusionMatrix(classes: classes.count)
  }

  /// Counts one image by its logits or probabilities, one for each class; `truth` is a class.
  public mutating func add(truth: Int, values logits: [Float]) {
    precondition(logits.count == classes.count && logits.indices.contains(truth), "a logit for each class")
    // Of equal logits the first comes first. A logit that is no number comes last, so that nothing is right by it.
    let value = logits[truth]
    var (rank, best) = (0, 0)
    for (index, logit) in logits.enumerated() where index != truth {
      if index < truth ? !(logit < value) : !(logit <= value) { rank += 1 }
    }
    for index in logits.indices.dropFirst() where logits[index] > logits[best] { best = index }
    images += 1
    if rank < 1 { hits1 += 1 }
    if rank < 5 { hits5 += 1 }
    confusion.add(truth: truth, prediction: best)
  }

  /// Share of images whose class has the largest logit, `0…1`.
  public var top1: Double { images == 0 ? 0 : Double(hits1) / Double(images) }
  /// Share of images whose class is among the five of the largest logits, `0…1`.
  public var top5: Double { images == 0 ? 0 : Double(hits5) / Double(images) }
}
