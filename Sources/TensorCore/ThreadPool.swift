import Foundation
import Synchronization

/// Threads that run the chunks of one loop at a time.
///
/// A loop is cut by the problem, never by the number of threads: which thread takes a chunk does not matter to
/// the result, because chunks write apart and sums over chunks are taken afterwards in the order of the chunks.
public final class ThreadPool: Sendable {
  /// Threads that take part in a loop, the calling one included.
  public let threads: Int

  private let crew = Crew()

  /// A pool of `threads` threads (the cores that the process may use, by default).
  public init(threads: Int = ProcessorCount.available) {
    precondition(threads >= 1, "a pool has at least one thread")
    self.threads = threads
    for worker in 1..<max(threads, 2) where worker < threads {
      let thread = Thread { [crew] in crew.serve(worker) }
      thread.stackSize = 1 << 21
      thread.start()
    }
  }

  deinit { crew.stop() }

  /// Calls `body` once for each index below `count`, on all threads, and returns when all calls have.
  ///
  /// `worker` is below `threads` and tells the calling thread apart, for scratch memory; results must not depend
  /// on it. Loops do not nest: `body` calls no loop of the same pool. Loops of several callers take turns.
  public func forEach(_ count: Int, _ body: (_ index: Int, _ worker: Int) -> Void) {
    guard threads > 1, count > 1 else {
      for index in 0..<count { body(index, 0) }
      return
    }
    withoutActuallyEscaping(body) { body in
      crew.run(body, count: count, helpers: threads - 1)
    }
  }

  /// Calls `body` for consecutive ranges of at most `chunk` indices that cover `0..<count`, on all threads.
  ///
  /// `chunk` is a property of the problem, so that the ranges are the same on any number of threads.
  public func forEachChunk(of count: Int, size chunk: Int, _ body: (Range<Int>) -> Void) {
    forEach((count + chunk - 1) / chunk) { index, _ in
      body(index * chunk..<min(count, (index + 1) * chunk))
    }
  }
}

/// What the threads of a pool share; they keep it alive, and the pool ends them.
private final class Crew: @unchecked Sendable {
  // @unchecked: `body` and `count` are written while no helper runs, and read by helpers once `generation` has told
  // them, until they have taken themselves off `busy`.
  typealias Body = (_ index: Int, _ worker: Int) -> Void

  private let condition = NSCondition()
  /// Held for the length of a loop.
  private let turn = NSLock()
  private let next = Atomic<Int>(0)
  private let generation = Atomic<Int>(0)
  private let busy = Atomic<Int>(0)
  private let sleepers = Atomic<Int>(0)
  private let stopped = Atomic<Bool>(false)
  /// Points into the frame of `run`, which returns only when every helper has left `take`; a helper holds no
  /// reference to the closure outside of it.
  private var body: UnsafePointer<Body>?
  private var count = 0

  /// Looks at the counter that long (some 20 µs) before a thread offers its core to others, so many times (some
  /// 100 µs) before it sleeps: loops follow each other closely while a network runs, and waking a sleeping thread
  /// costs more than that.
  private static let spins = 4000
  private static let yields = 200

  func run(_ body: @escaping Body, count: Int, helpers: Int) {
    turn.lock()
    defer { turn.unlock() }
    withUnsafePointer(to: body) { body in
      self.body = body
      self.count = count
      next.store(0, ordering: .relaxed)
      busy.store(helpers, ordering: .relaxed)
      generation.wrappingAdd(1, ordering: .sequentiallyConsistent)
      wake()

      take(body, count, worker: 0)

      wait { busy.load(ordering: .sequentiallyConsistent) == 0 }
    }
  }

  func serve(_ worker: Int) {
    var seen = 0
    while true {
      wait { generation.load(ordering: .sequentiallyConsistent) != seen }
      if stopped.load(ordering: .acquiring) { return }
      guard let body else { return }
      seen = generation.load(ordering: .acquiring)
      take(body, count, worker: worker)
      if busy.wrappingSubtract(1, ordering: .sequentiallyConsistent).newValue == 0 { wake() }
    }
  }

  func stop() {
    stopped.store(true, ordering: .releasing)
    generation.wrappingAdd(1, ordering: .sequentiallyConsistent)
    wake()
  }

  @inline(never)
  private func take(_ body: UnsafePointer<Body>, _ count: Int, worker: Int) {
    while true {
      let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
      if index >= count { return }
      body.pointee(index, worker)
    }
  }

  /// Wakes whoever sleeps, after a counter has changed. The change and the look at `sleepers` are in one order with a
  /// sleeper's announcement and its last look at the counter, so that one of the two sees the other.
  private func wake() {
    guard sleepers.load(ordering: .sequentiallyConsistent) > 0 else { return }
    condition.lock()
    condition.broadcast()
    condition.unlock()
  }

  private func wait(until ready: () -> Bool) {
    for _ in 0..<Self.spins where ready() { return }
    for _ in 0..<Self.yields {
      if ready() { return }
      sched_yield()
    }
    condition.lock()
    sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
    while !ready() { condition.wait() }
    sleepers.wrappingSubtract(1, ordering: .relaxed)
    condition.unlock()
  }
}
