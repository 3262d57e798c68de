import Foundation
import Inference
import Synchronization
import TensorCore
import Testing

/// Stages that are at work on different items at once.
@Suite struct JobPipelineTests {
  private typealias Pipeline = JobPipeline<Int, Int, String>

  /// What the stages did.
  private final class Log: Sendable {
    private let values = Mutex<(held: Int, most: Int, running: Int, mostRunning: Int, ran: Int)>(
      (0, 0, 0, 0, 0))
    var mostHeld: Int { values.withLock { $0.most } }
    var mostRunning: Int { values.withLock { $0.mostRunning } }
    /// Items that have got to the network.
    var ran: Int { values.withLock { $0.ran } }

    func hold(_ bytes: Int) {
      values.withLock {
        $0.held += bytes
        $0.most = max($0.most, $0.held)
      }
    }

    func run<Value>(_ body: () -> Value) -> Value {
      values.withLock {
        $0.running += 1
        $0.ran += 1
        $0.mostRunning = max($0.mostRunning, $0.running)
      }
      defer { values.withLock { $0.running -= 1 } }
      return body()
    }
  }

  private static func pause(_ index: Int) { usleep(UInt32(index * 7919 % 13) * 100) }

  /// Items 3, 13 … end when they are loaded, items 7, 17 … in the network.
  private func stages(_ log: Log, bytes: @escaping @Sendable (Int) -> Int = { _ in 1 }) -> Pipeline.Stages {
    Pipeline.Stages(
      load: { index, reserve in
        Self.pause(index)
        if index % 10 == 3 { return .settled("unread \(index)") }
        reserve(bytes(index))
        log.hold(bytes(index))
        return .next(index * index)
      },
      network: { _, index, loaded in
        log.run {
          Self.pause(index + 5)
          return index % 10 == 7 ? .failure(.init(output: "failed \(index)")) : .success(loaded + 1)
        }
      },
      finish: { index, predicted in
        Self.pause(index + 9)
        return "\(predicted)"
      })
  }

  private static func expected(_ index: Int) -> String {
    switch index % 10 {
    case 3: "unread \(index)"
    case 7: "failed \(index)"
    default: "\(index * index + 1)"
    }
  }

  @Test(arguments: [1, 2, 4]) func everyItemInItsOrder(networks: Int) throws {
    let log = Log()
    let pipeline = Pipeline(
      count: 200, networks: networks, byteLimit: 1000, until: StopRequest(), stages(log))
    var outputs: [String] = []
    try pipeline.run(
      commit: { index, output throws(InferenceError) in
        #expect(index == outputs.count)
        outputs.append(output)
      }, discard: { _ in Issue.record("nothing is thrown away") })
    #expect(outputs == (0..<200).map(Self.expected))
    #expect(log.mostRunning <= networks)
    if networks > 1 { #expect(log.mostRunning > 1) }
  }

  @Test func noItems() throws {
    let pipeline = Pipeline(count: 0, networks: 2, byteLimit: 1, until: StopRequest(), stages(Log()))
    try pipeline.run(
      commit: { _, _ throws(InferenceError) in Issue.record("there is none") }, discard: { _ in })
  }

  /// No more bytes are held than the limit, but by one item alone that is larger.
  @Test func bytesAreBounded() throws {
    let log = Log()
    let sizes: @Sendable (Int) -> Int = { $0 == 40 ? 70 : 10 }
    let pipeline = Pipeline(
      count: 80, networks: 2, byteLimit: 25, until: StopRequest(), stages(log, bytes: sizes))
    var count = 0
    try pipeline.run(
      commit: { index, _ throws(InferenceError) in
        count += 1
        if index % 10 != 3 { log.hold(-sizes(index)) }
      }, discard: { _ in })
    #expect(count == 80)
    #expect(log.mostHeld == 70)
    let small = Log()
    try Pipeline(
      count: 80, networks: 2, byteLimit: 25, until: StopRequest(), stages(small, bytes: { _ in 10 })
    )
    .run(
      commit: { index, _ throws(InferenceError) in if index % 10 != 3 { small.hold(-10) } },
      discard: { _ in })
    #expect(small.mostHeld == 20)
  }

  /// A commit that fails ends the work; what was ready is given back, and no item goes both ways.
  @Test func aCommitThatFails() throws {
    let log = Log()
    let pipeline = Pipeline(count: 200, networks: 2, byteLimit: 1000, until: StopRequest(), stages(log))
    var committed: [Int] = []
    var discarded: [String] = []
    #expect(throws: InferenceError.self) {
      try pipeline.run(
        commit: { index, _ throws(InferenceError) in
          if index == 31 {
            // Of 0 to 35, four end when they are loaded; when so many have got to the network, some are to be given back.
            while log.ran < 32 { usleep(100) }
            throw .emptyList
          }
          committed.append(index)
        }, discard: { discarded.append($0) })
    }
    #expect(committed == Array(0..<31))
    #expect(discarded == (32..<32 + discarded.count).map(Self.expected))
    #expect((4..<40).contains(discarded.count))
  }

  /// What has got to the network when somebody stops it is finished and committed, and nothing else.
  @Test(arguments: [0, 1, 57]) func stopped(after: Int) throws {
    let stop = StopRequest()
    if after == 0 { stop.make() }
    let log = Log()
    let pipeline = Pipeline(
      count: 5000, networks: 2, byteLimit: 20, until: stop, stages(log, bytes: { _ in 10 }))
    var outputs: [String] = []
    try pipeline.run(
      commit: { index, output throws(InferenceError) in
        outputs.append(output)
        if index % 10 != 3 { log.hold(-10) }
        if outputs.count == after { stop.make() }
      }, discard: { _ in })
    #expect(outputs.count >= after && outputs.count < after + 40)
    #expect(outputs == (0..<outputs.count).map(Self.expected))
  }
}
