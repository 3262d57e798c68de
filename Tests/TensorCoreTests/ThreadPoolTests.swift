import Foundation
import Synchronization
import TensorCore
import Testing

@Suite struct ThreadPoolTests {
  @Test(.timeLimit(.minutes(1)), arguments: 1...8) func everyIndexOnce(threads: Int) {
    let pool = ThreadPool(threads: threads)
    #expect(pool.threads == threads)
    for count in [0, 1, 2, 3, 7, 8, 100, 5000] {
      var calls = [Int32](repeating: 0, count: count)
      let strangers = Atomic<Int>(0)
      calls.withUnsafeMutableBufferPointer { calls in
        let base = calls.baseAddress
        pool.forEach(count) { index, worker in
          if !(0..<threads).contains(worker) { strangers.wrappingAdd(1, ordering: .relaxed) }
          base?[index] += 1
        }
      }
      #expect(calls.allSatisfy { $0 == 1 }, "\(count) indices on \(threads) threads")
      #expect(strangers.load(ordering: .relaxed) == 0)
    }
  }

  @Test(.timeLimit(.minutes(1)), arguments: [(2, 10_000), (3, 2000), (8, 500)])
  func manyShortLoops(threads: Int, loops: Int) {
    let pool = ThreadPool(threads: threads)
    let calls = Atomic<Int>(0)
    for loop in 0..<loops {
      pool.forEach(1 + loop % 5) { _, _ in calls.wrappingAdd(1, ordering: .relaxed) }
    }
    #expect(calls.load(ordering: .relaxed) == (0..<loops).reduce(0) { $0 + 1 + $1 % 5 })
  }

  /// Pauses between loops let the helpers fall asleep, so that the next loop must wake them.
  @Test(.timeLimit(.minutes(1))) func loopsAfterASleep() {
    let pool = ThreadPool(threads: 3)
    for _ in 0..<20 {
      usleep(2000)
      let calls = Atomic<Int>(0)
      pool.forEach(50) { _, _ in calls.wrappingAdd(1, ordering: .relaxed) }
      #expect(calls.load(ordering: .relaxed) == 50)
    }
  }

  @Test(.timeLimit(.minutes(1))) func twoThreadsAreInALoopAtOnce() {
    let pool = ThreadPool(threads: 2)
    let inside = Atomic<Int>(0)
    let met = Atomic<Int>(0)
    let end = Date(timeIntervalSinceNow: 20)
    pool.forEach(2) { _, _ in
      inside.wrappingAdd(1, ordering: .sequentiallyConsistent)
      while inside.load(ordering: .sequentiallyConsistent) < 2 && Date() < end { usleep(100) }
      if inside.load(ordering: .sequentiallyConsistent) == 2 { met.wrappingAdd(1, ordering: .relaxed) }
    }
    #expect(met.load(ordering: .relaxed) == 2)
  }

  @Test(.timeLimit(.minutes(1))) func aWorkerIsOneThreadAtATime() {
    let pool = ThreadPool(threads: 4)
    let clashes = Atomic<Int>(0)
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 4 * 16) { inUse in
      inUse.initialize(repeating: 0)
      let base = inUse.baseAddress
      pool.forEach(2000) { index, worker in
        guard let mine = base.map({ $0 + worker * 16 }) else { return }
        if mine.pointee != 0 { clashes.wrappingAdd(1, ordering: .relaxed) }
        mine.pointee = index + 1
        for _ in 0..<20 where mine.pointee != index + 1 { clashes.wrappingAdd(1, ordering: .relaxed) }
        mine.pointee = 0
      }
    }
    #expect(clashes.load(ordering: .relaxed) == 0)
  }

  @Test func chunksCoverAndDoNotDependOnThreads() {
    for (count, size) in [(0, 4), (1, 4), (4, 4), (5, 4), (103, 10), (7, 100), (64, 1)] {
      let expected = stride(from: 0, to: count, by: size).map { $0..<min(count, $0 + size) }
      for threads in [1, 2, 5] {
        let found = Mutex<[Range<Int>]>([])
        ThreadPool(threads: threads).forEachChunk(of: count, size: size) { range in
          found.withLock { $0.append(range) }
        }
        let sorted = found.withLock { $0.sorted { $0.lowerBound < $1.lowerBound } }
        #expect(sorted == expected, "\(count) by \(size) on \(threads) threads")
      }
    }
  }

  @Test func sumsOverChunksAreTheSameBits() {
    var stream = RandomStream(seed: 8)
    let values = (0..<30_011).map { _ in stream.uniform(in: -1...1) }
    let sums = (1...8).map { threads -> UInt32 in
      var partial = [Float](repeating: 0, count: 30_011 / 100 + 1)
      partial.withUnsafeMutableBufferPointer { partial in
        let base = partial.baseAddress
        ThreadPool(threads: threads).forEachChunk(of: values.count, size: 100) { range in
          for index in range { base?[range.lowerBound / 100] += values[index] }
        }
      }
      return partial.reduce(0, +).bitPattern
    }
    #expect(Set(sums).count == 1)
  }

  /// Other suites come and go in this process, so that only a leak of all these threads is told from them.
  @Test(.timeLimit(.minutes(1))) func threadsEndWithTheirPool() throws {
    let before = try liveThreads()
    for round in 0..<40 {
      let pool = ThreadPool(threads: 8)
      if round % 2 == 0 { pool.forEach(16) { _, _ in } }
    }
    let end = Date(timeIntervalSinceNow: 20)
    while try liveThreads() > before + 100 && Date() < end { usleep(10_000) }
    #expect(try liveThreads() <= before + 100, "40 pools started 280 threads")
  }

  private func liveThreads() throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count
  }
}
