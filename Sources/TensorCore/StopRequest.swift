import Synchronization

/// Asks long work to end after the step that is under way, from any thread.
public final class StopRequest: Sendable {
  private let isMade = Atomic(false)

  /// A request that has not been made.
  public init() {}

  /// Makes it.
  public func make() { isMade.store(true, ordering: .relaxed) }

  /// Whether it has been made.
  public var wasMade: Bool { isMade.load(ordering: .relaxed) }
}
