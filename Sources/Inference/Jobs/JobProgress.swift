import Foundation

/// How far a job is.
public struct JobProgress: Sendable, Equatable {
  /// Pictures in all.
  public let count: Int
  /// Pictures whose results this run wrote.
  public private(set) var done = 0
  /// Pictures whose results stand from an earlier run.
  public private(set) var skipped = 0
  /// Pictures without results.
  public private(set) var failed = 0
  /// Seconds since the job began.
  public private(set) var seconds: Double = 0

  /// A job at its beginning.
  init(count: Int) { self.count = count }

  /// Pictures that the run is through with.
  public var finished: Int { done + skipped + failed }
  /// Results written in a second, `nil` before the first.
  public var imagesPerSecond: Double? { done > 0 && seconds > 0 ? Double(done) / seconds : nil }
  /// Seconds until the end when all pictures that are left are to be done as fast, `nil` before the first.
  public var secondsLeft: Double? { imagesPerSecond.map { Double(count - finished) / $0 } }

  mutating func add(_ status: JobRecord.Status, at seconds: Double) {
    switch status {
    case .done: done += 1
    case .skipped: skipped += 1
    case .failed: failed += 1
    }
    self.seconds = seconds
  }
}

/// What a job came to.
public struct JobSummary: Sendable {
  /// The counts.
  public internal(set) var progress: JobProgress
  /// The first pictures without results, at most `JobSummary.shownFailures`.
  public internal(set) var failures: [JobRecord] = []
  /// Whether it was stopped before its end.
  public internal(set) var wasStopped = false
  /// The manifest's path, if there is one.
  public let manifest: String?

  /// How many failures are kept to be shown; the manifest names all.
  public static let shownFailures = 50
}
