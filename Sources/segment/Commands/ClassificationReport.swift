import Training

/// What `evaluate` prints of images with a class each.
struct ClassificationReport: Encodable {
  struct ClassScore: Encodable {
    let name: String
    let images: Int
    let accuracy: Double?
  }

  let model: String
  let data: String
  let images: Int
  let top1: Double
  let top5: Double
  let classAccuracy: Double
  let classes: [ClassScore]
  /// Images by truth and, in a row, by prediction.
  let confusion: [[Int]]

  enum CodingKeys: String, CodingKey {
    case model, data, images, top1, top5, classes, confusion
    case classAccuracy = "class_accuracy"
  }

  /// Classes up to which the table shows the confusion matrix.
  private static let widest = 20

  init(model: String, data: String, _ scores: ClassificationScores) {
    (self.model, self.data, images) = (model, data, scores.images)
    (top1, top5) = (scores.top1, scores.top5)
    let (truths, accuracies) = (scores.confusion.truths, scores.confusion.accuracies)
    classAccuracy = scores.confusion.classAccuracy
    classes = scores.classes.indices.map {
      ClassScore(name: scores.classes[$0], images: truths[$0], accuracy: accuracies[$0])
    }
    confusion = scores.confusion.rows
  }

  var table: String {
    let width = max(5, classes.map(\.name.count).max() ?? 0)
    let digits = max(6, String(images).count)
    func right(_ text: String) -> String { String(repeating: " ", count: max(0, digits - text.count)) + text }
    func name(_ text: String) -> String { text + String(repeating: " ", count: max(0, width - text.count)) }
    let hasMatrix = classes.count <= Self.widest
    var lines = ["\(model) on \(data), \(images) images"]
    lines.append("  \(name("class"))  \(right("images"))  accuracy" + (hasMatrix ? "  predicted as" : ""))
    for (index, row) in classes.enumerated() {
      let matrix = hasMatrix ? "  " + confusion[index].map { right("\($0)") }.joined(separator: " ") : ""
      let accuracy = row.accuracy.map { decimals($0, 4) } ?? "   –  "
      lines.append("  \(name(row.name))  \(right("\(row.images)"))  \(accuracy)  \(matrix)")
    }
    lines.append(
      "top-1 \(decimals(top1, 4))  top-5 \(decimals(top5, 4))  class accuracy \(decimals(classAccuracy, 4))")
    return lines.joined(separator: "\n")
  }
}
