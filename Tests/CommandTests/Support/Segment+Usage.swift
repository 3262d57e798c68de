import Foundation

extension Segment {
  /// What a run took.
  struct Usage {
    let status: Int32
    /// Processor time in seconds.
    let seconds: Double
  }

  /// Runs the program with `arguments`, its output thrown away, and waits for its end.
  static func usage(_ arguments: [String]) throws -> Usage {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in [STDOUT_FILENO, STDERR_FILENO] {
      posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0)
    }
    let words = ([path] + arguments).map { strdup($0) } + [nil]
    let environment = ProcessInfo.processInfo.environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for word in words + environment { free(word) } }
    var process = pid_t()
    guard posix_spawn(&process, path, &actions, nil, words, environment) == 0 else {
      throw CocoaError(.executableNotLoadable)
    }
    var (status, usage) = (Int32(0), rusage())
    wait4(process, &status, 0, &usage)
    let times = [usage.ru_utime, usage.ru_stime]
    return Usage(
      status: status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F),
      seconds: times.reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) * 1e-6 })
  }
}
