import Graphs
import TensorCore
import Testing

@Suite struct ArenaLayoutTests {
  private func requests(_ count: Int, seed: UInt64) -> [ArenaLayout.Request] {
    var stream = RandomStream(seed: seed)
    return (0..<count).map { _ in
      let first = stream.below(30)
      let size = stream.below(8) == 0 ? 0 : 1 + stream.below(200)
      return ArenaLayout.Request(count: size, lifetime: first...first + stream.below(6))
    }
  }

  @Test(arguments: 0..<40)
  func thoseThatLiveAtOnceLieApart(seed: Int) {
    let requests = requests(1 + seed * 2, seed: UInt64(seed))
    let layout = ArenaLayout(requests)
    for (index, one) in requests.enumerated() {
      #expect(layout.offsets[index] >= 0)
      #expect(layout.offsets[index] + one.count <= layout.count)
      #expect(layout.offsets[index] % ArenaLayout.alignment == 0)
      for other in 0..<index where one.lifetime.overlaps(requests[other].lifetime) {
        let (a, b) = (layout.offsets[index], layout.offsets[other])
        let apart = a + one.count <= b || b + requests[other].count <= a
        #expect(apart || one.count == 0 || requests[other].count == 0)
      }
    }
  }

  @Test(arguments: 0..<40)
  func takesNoLessThanThePeakAndLittleMore(seed: Int) {
    let requests = requests(60, seed: UInt64(100 + seed))
    let layout = ArenaLayout(requests)
    func rounded(_ count: Int) -> Int { (count + 15) / 16 * 16 }
    let peak =
      (0..<40).map { moment in
        requests.reduce(0) { $1.lifetime.contains(moment) ? $0 + rounded($1.count) : $0 }
      }.max() ?? 0
    let sum = requests.reduce(0) { $0 + rounded($1.count) }
    #expect(layout.count >= peak)
    // The greedy strategy has no bound of its own; on such requests it stays far from taking each its own place.
    #expect(Double(layout.count) <= 1.5 * Double(peak))
    #expect(layout.count < sum)
  }

  @Test func sharesThePlaceOfWhatIsGone() {
    let layout = ArenaLayout([
      .init(count: 100, lifetime: 0...1), .init(count: 50, lifetime: 1...2),
      .init(count: 100, lifetime: 2...3),
    ])
    #expect(layout.offsets == [0, 112, 0])
    #expect(layout.count == 112 + 64)
  }

  @Test func fillsAGapThatIsLargeEnough() {
    // Largest first: 0, then 1 behind it, then 2 behind both; when 1 is gone, 3 fits between.
    let layout = ArenaLayout([
      .init(count: 64, lifetime: 0...9), .init(count: 48, lifetime: 0...2), .init(count: 32, lifetime: 0...9),
      .init(count: 16, lifetime: 3...9),
    ])
    #expect(layout.offsets == [0, 64, 112, 64])
    #expect(layout.count == 144)
  }

  @Test func takesNothingForNothing() {
    #expect(ArenaLayout([]).count == 0)
    #expect(ArenaLayout([.init(count: 0, lifetime: 0...5)]).count == 0)
  }
}
