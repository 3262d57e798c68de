/// What validation measured, by what is true of the samples.
public enum ValidationScores: Sendable {
  /// Of masks.
  case masks(Scores)
  /// Of images with a class each.
  case labels(ClassificationScores)

  /// Pixels or images by truth and prediction.
  public var confusion: ConfusionMatrix {
    switch self {
    case .masks(let scores): scores.confusion
    case .labels(let scores): scores.confusion
    }
  }

  /// What decides which epoch is the best: mean IoU, or the share of images predicted right.
  public var score: Double {
    switch self {
    case .masks(let scores): scores.confusion.meanIoU
    case .labels(let scores): scores.top1
    }
  }

  /// What a checkpoint says of itself, by name.
  var named: [String: Double] {
    switch self {
    case .masks(let scores):
      var named = [
        "mean_iou": scores.confusion.meanIoU, "pixel_accuracy": scores.confusion.pixelAccuracy,
      ]
      named["foreground_dice"] = scores.confusion.foregroundDice
      return named
    case .labels(let scores):
      return ["top1": scores.top1, "top5": scores.top5, "class_accuracy": scores.confusion.classAccuracy]
    }
  }

  /// What a history tells besides the score.
  var measures: [EpochRecord.Measure] {
    switch self {
    case .masks(let scores):
      zip(scores.classes, scores.confusion.iou).map { name, iou in
        .init(name: "iou_" + Self.columnName(name), value: iou ?? .nan)
      }
    case .labels(let scores):
      [.init(name: "top1", value: scores.top1), .init(name: "top5", value: scores.top5)]
    }
  }

  /// A class's name without what ends a column.
  private static func columnName(_ name: String) -> String {
    String(name.map { ",\"".contains($0) || $0.isNewline ? "_" : $0 })
  }
}
