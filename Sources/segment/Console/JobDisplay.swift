import Inference
import Synchronization

/// How a job looks while it runs, and what is said at its end.
final class JobDisplay: Sendable {
  /// What stands at the bottom of the terminal.
  private struct Line {
    var seconds: Double = -1
    var text = ""
  }

  private let line = Mutex(Line())

  /// A bar with images per second and the time that is left, ten times a second at most.
  func show(_ progress: JobProgress) {
    line.withLock { line in
      guard progress.seconds - line.seconds >= 0.1 || progress.finished == progress.count else { return }
      line = Line(seconds: progress.seconds, text: Self.bar(progress))
      Console.progress(line.text)
    }
  }

  /// How far an image is that is cut into tiles.
  func show(tile: Int, of count: Int, _ picture: String) {
    line.withLock { line in
      Console.progress("\(line.text.isEmpty ? "" : line.text + "  ")\(picture): tile \(tile) of \(count)")
    }
  }

  private static func bar(_ progress: JobProgress) -> String {
    let filled = progress.count > 0 ? 20 * progress.finished / progress.count : 20
    var text =
      "[\(String(repeating: "#", count: filled))\(String(repeating: "·", count: 20 - filled))] "
      + "\(progress.finished)/\(progress.count)"
    if let rate = progress.imagesPerSecond, let left = progress.secondsLeft {
      text += "  \(decimals(rate, 1)) images/s  \(durationText(left)) left"
    }
    if progress.failed > 0 { text += "  \(progress.failed) failed" }
    return text
  }

  /// Names what failed, and says what was skipped; after a job that did everything, only a terminal is told so.
  func end(_ summary: JobSummary) {
    let progress = summary.progress
    for record in summary.failures { Console.note("Error: \(OneLineError(record.error ?? "").description)") }
    let rest = progress.failed - summary.failures.count
    if progress.failed > 0 {
      var text = "\(progress.failed) of \(progress.count) files failed"
      if rest > 0 { text += ", \(rest) more than are named above" }
      if rest > 0, let manifest = summary.manifest { text += "; \(manifest) names all" }
      Console.note(text)
    }
    if progress.skipped > 0 {
      Console.note(
        "\(progress.skipped) of \(progress.count) files skipped, whose results stand; --overwrite does them again"
      )
    }
    if summary.wasStopped {
      Console.note(
        "stopped after \(progress.finished) of \(progress.count) files"
          + (summary.manifest == nil ? "" : "; the same call goes on"))
    } else if Console.isTerminal, let rate = progress.imagesPerSecond {
      Console.note(
        "\(progress.done) files in \(durationText(progress.seconds)), \(decimals(rate, 1)) images/s")
    }
  }
}
