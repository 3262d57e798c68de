import TensorCore

/// Tries learning rates from small to large, a step each, and looks where the loss falls fastest (Smith 2017,
/// arXiv:1506.01186, §3.3).
public struct RateSearch: Sendable {
  /// A step.
  public struct Step: Sendable {
    /// The learning rate.
    public let rate: Float
    /// The loss of its batch before the step.
    public let loss: Double
    /// The mean of the losses so far, recent ones weighing more.
    public let smoothed: Double
  }

  /// The steps, in order.
  public private(set) var steps: [Step] = []
  private var sum = 0.0
  private var lowest = Double.infinity

  /// The first and the last rate.
  static let range: (Float, Float) = (1e-7, 10)
  /// Share of the old mean in the new one.
  private static let memory = 0.9

  /// The rate of a step of `count`, each the same factor above the one before.
  static func rate(_ step: Int, of count: Int) -> Float {
    let factor = RealPower.of(Double(range.0 / range.1), 1 / Double(max(1, count - 1)))
    return (0..<step).reduce(range.0) { rate, _ in min(range.1, Float(Double(rate) / factor)) }
  }

  /// Takes in a step; whether the search is over, because the loss has left the ground for good.
  mutating func add(rate: Float, loss: Float) -> Bool {
    guard loss.isFinite else { return true }
    sum = Self.memory * sum + (1 - Self.memory) * Double(loss)
    var weight = 1.0
    for _ in 0...steps.count { weight *= Self.memory }
    let smoothed = sum / (1 - weight)
    steps.append(Step(rate: rate, loss: Double(loss), smoothed: smoothed))
    lowest = min(lowest, smoothed)
    return steps.count > 10 && smoothed > 4 * lowest
  }

  /// The rate where the smoothed loss falls fastest by factors of the rate; `nil` when it never falls.
  ///
  /// The slope is taken over five steps, before the lowest loss.
  public var suggestion: Float? {
    let reach = 2
    guard let lowest = steps.indices.min(by: { steps[$0].smoothed < steps[$1].smoothed }) else { return nil }
    var best: (fall: Double, rate: Float)?
    for index in steps.indices.dropFirst(reach).dropLast(reach) where index <= lowest {
      let fall = steps[index - reach].smoothed - steps[index + reach].smoothed
      if fall > best?.fall ?? 0 { best = (fall, steps[index].rate) }
    }
    return best?.rate
  }

  /// A picture of the losses over the rates, as SVG.
  public var svg: String {
    LineChart(
      title: "loss by learning rate" + (suggestion.map { ", suggestion \($0)" } ?? ""),
      lines: [
        .init(name: "loss", points: steps.map { (Double($0.rate), $0.loss) }),
        .init(name: "smoothed", points: steps.map { (Double($0.rate), $0.smoothed) }),
      ], isLogarithmic: true, mark: suggestion.map(Double.init)
    ).svg
  }

  /// The steps as comma-separated values.
  public var csv: String {
    steps.reduce("rate,loss,smoothed\n") { $0 + "\($1.rate),\($1.loss),\($1.smoothed)\n" }
  }
}

extension Trainer {
  /// Looks for a learning rate on a training that has not begun; its parameters are changed by it.
  ///
  /// - Parameters:
  ///   - count: steps at most.
  ///   - report: called after each step with the number done.
  /// - Throws: `TrainingError` for a sample that cannot be read, and when memory does not suffice.
  public func findRate(
    steps count: Int = 100, until stop: StopRequest = StopRequest(), _ report: (Int) -> Void = { _ in }
  ) throws(TrainingError) -> RateSearch {
    precondition(count > 1, "a search has steps")
    var search = RateSearch()
    var (epoch, step) = (0, 0)
    var feed = try stage.feed(epoch: epoch, from: 0)
    for number in 0..<count where !stop.wasMade {
      if step == recipe.steps(of: plan) {
        (epoch, step) = (epoch + 1, 0)
        feed = try stage.feed(epoch: epoch, from: 0)
      }
      let rate = RateSearch.rate(number, of: count)
      guard let loss = try stage.take(step, of: feed, number: number, rate: rate) else { break }
      step += 1
      report(number + 1)
      if search.add(rate: rate, loss: loss) { break }
    }
    return search
  }
}
