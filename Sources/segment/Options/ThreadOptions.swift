import ArgumentParser
import TensorCore

/// How many threads work.
struct ThreadOptions: ParsableArguments {
  @Option(help: "Threads that work. Default: the cores that this process may use.")
  var threads: Int?

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads: expected 1…1024, found \(threads)")
    }
  }

  /// The pool to work on.
  func pool() -> ThreadPool { ThreadPool(threads: threads ?? ProcessorCount.available) }
}
