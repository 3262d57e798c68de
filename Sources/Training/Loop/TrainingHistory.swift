/// The records of epochs as comma-separated values, `history.csv`.
enum TrainingHistory {
  private static let columns = ["epoch", "loss", "rate", "seconds", "score"]

  /// A line for each epoch. The score is what decides which epoch is the best: the mean IoU of masks, the top-1
  /// accuracy of classes, and without validation the negated loss. Masks have the IoU of each class behind it, `nan` for
  /// one that did not occur; images with a class each have `top1` and `top5`.
  static func csv(_ history: [EpochRecord]) -> String {
    let names = columns + (history.first?.measures.map(\.name) ?? [])
    var text = names.joined(separator: ",") + "\n"
    for record in history {
      let numbers =
        ["\(record.epoch)", "\(record.loss)", "\(record.rate)", "\(record.seconds)", "\(record.score)"]
        + record.measures.map { "\($0.value)" }
      text += numbers.joined(separator: ",") + "\n"
    }
    return text
  }

  /// The records of a text that `csv` made; lines that it did not make are left out.
  static func records(_ csv: String) -> [EpochRecord] {
    let lines = csv.split(separator: "\n")
    let names = lines.first?.split(separator: ",").dropFirst(columns.count).map(String.init) ?? []
    return lines.dropFirst().compactMap { line in
      let fields = line.split(separator: ",").compactMap { Double($0) }
      guard fields.count == columns.count + names.count, let epoch = Int(exactly: fields[0]) else {
        return nil
      }
      return EpochRecord(
        epoch: epoch, loss: fields[1], rate: Float(fields[2]), seconds: fields[3], score: fields[4],
        measures: zip(names, fields.dropFirst(columns.count)).map { .init(name: $0, value: $1) })
    }
  }
}
