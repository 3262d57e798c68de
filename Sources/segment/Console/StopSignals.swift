import Dispatch
import Foundation
import Synchronization
import Training

/// Turns SIGINT and SIGTERM into a request to stop; a second one ends the program at once.
final class StopSignals: Sendable {
  /// What training asks after each step.
  let request = StopRequest()
  private let received = Atomic<Int32>(0)
  private let sources: Mutex<[any DispatchSourceSignal]> = Mutex([])

  /// Watches from now on, as long as this object lives.
  init() {
    for number in [SIGINT, SIGTERM] {
      // The default action would end the program before the source sees the signal.
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { [weak self] in self?.receive(number) }
      source.resume()
      sources.withLock { $0.append(source) }
    }
  }

  deinit {
    sources.withLock { $0.forEach { $0.cancel() } }
    for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
  }

  /// What shells make of a program that a signal ended: 130 for SIGINT, 143 for SIGTERM.
  var exitStatus: Int32 { 128 + received.load(ordering: .relaxed) }

  private func receive(_ number: Int32) {
    if received.exchange(number, ordering: .relaxed) != 0 { _exit(128 + number) }
    request.make()
    Console.endProgress()
    Console.note("finishing the step; once more to end at once")
  }
}
