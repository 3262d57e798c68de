import Training

/// How a training looks while it runs.
enum TrainProgress {
  static func show(_ event: TrainingEvent) {
    switch event {
    case .step(let step):
      Console.progress(
        "epoch \(step.epoch)/\(step.epochs)  step \(step.step)/\(step.steps)  loss \(decimals(step.meanLoss, 4))  "
          + "\(decimals(step.imagesPerSecond, 1)) images/s  \(durationText(step.secondsLeft)) left")
    case .validation(let done, let count):
      Console.progress("validating \(done)/\(count)")
    case .epoch(let record, let isBest):
      Console.endProgress()
      let scores =
        switch record.scores {
        case .masks(let scores): "  mean IoU \(decimals(scores.confusion.meanIoU, 4))"
        case .labels(let scores): "  top-1 \(decimals(scores.top1, 4))  top-5 \(decimals(scores.top5, 4))"
        case nil: ""
        }
      Console.note(
        "epoch \(record.epoch)  loss \(decimals(record.loss, 4))\(scores)  rate \(record.rate)  "
          + "\(durationText(record.seconds))\(isBest ? "  best" : "")")
    }
  }
}
