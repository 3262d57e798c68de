import Dispatch
import Foundation
import Synchronization
import TensorCore

/// Turns SIGINT and SIGTERM into a request to stop; a second one ends the program at once.
final class StopSignals {
  private let receiver: Receiver
  private var sources: [any DispatchSourceSignal] = []

  /// Watches from now on, as long as this object lives.
  ///
  /// - Parameter work: what is brought to its end after the first signal, as a person is told.
  init(finishing work: String) {
    let receiver = Receiver(finishing: work)
    self.receiver = receiver
    for number in [SIGINT, SIGTERM] {
      // The default action would end the program before the source sees the signal.
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { receiver.receive(number) }
      source.resume()
      sources.append(source)
    }
  }

  deinit {
    for source in sources { source.cancel() }
    for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
  }

  /// What the work asks after each step.
  var request: StopRequest { receiver.request }

  /// What shells make of a program that a signal ended: 130 for SIGINT, 143 for SIGTERM.
  var exitStatus: Int32 { 128 + receiver.received.load(ordering: .relaxed) }

  /// What the queue of the signals calls.
  private final class Receiver: Sendable {
    let request = StopRequest()
    let received = Atomic<Int32>(0)
    private let work: String

    init(finishing work: String) { self.work = work }

    func receive(_ number: Int32) {
      if received.exchange(number, ordering: .relaxed) != 0 { _exit(128 + number) }
      request.make()
      Console.endProgress()
      Console.note("finishing \(work); once more to end at once")
    }
  }
}
