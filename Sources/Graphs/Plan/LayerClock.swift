import Layers

/// Measures what each node of a plan takes.
public final class LayerClock {
  private struct Key: Hashable {
    let node: Int
    let direction: Direction
  }

  private let clock = ContinuousClock()
  private var durations: [Key: [Duration]] = [:]

  /// A clock that has measured nothing.
  public init() {}

  func start() -> ContinuousClock.Instant { clock.now }

  func stop(_ start: ContinuousClock.Instant?, _ node: Int, _ direction: Direction) {
    guard let start else { return }
    durations[Key(node: node, direction: direction), default: []].append(clock.now - start)
  }

  /// The median of a node's runs; `nil` where it has not run.
  func median(_ node: Int, _ direction: Direction) -> Duration? {
    guard let runs = durations[Key(node: node, direction: direction)]?.sorted() else { return nil }
    return (runs[(runs.count - 1) / 2] + runs[runs.count / 2]) / 2
  }
}
