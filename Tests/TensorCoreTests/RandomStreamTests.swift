import TensorCore
import Testing

/// The fixed values come from SplitMix64 written down a second time, in Python with whole numbers of any size.
@Suite struct RandomStreamTests {
  private func first(_ stream: RandomStream, _ count: Int) -> [UInt64] {
    var stream = stream
    return (0..<count).map { _ in stream.next() }
  }

  @Test func valuesOfASeed() {
    #expect(
      first(RandomStream(seed: 0), 4)
        == [0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4, 0x06C4_5D18_8009_454F, 0xF88B_B8A8_724C_81EC])
    #expect(
      first(RandomStream(seed: 1_234_567), 3)
        == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
    #expect(first(RandomStream(seed: .max), 2) == [0xE4D9_7177_1B65_2C20, 0xE99F_F867_DBF6_82C9])
  }

  @Test func valuesOfKeys() {
    #expect(
      first(RandomStream(keys: 1, 2, 3), 3)
        == [0x5BC5_81B0_4A97_C4DF, 0x9C4D_6541_405D_32D6, 0x4433_34DA_C5D2_F022])
    #expect(
      first(RandomStream(keys: 3, 2, 1), 3)
        == [0xA06F_C29B_7631_074B, 0x7EB6_4EC3_5B96_C143, 0x88B2_3525_8546_8584])
    #expect(first(RandomStream(keys: 0), 2) != first(RandomStream(keys: 0, 0), 2))
    let streams = (0..<50).flatMap { a in (0..<50).map { b in RandomStream(keys: a, b) } }
    #expect(Set(streams.map { first($0, 1)[0] }).count == 2500)
  }

  @Test func uniformHasTheHigh24Bits() {
    var stream = RandomStream(seed: 42)
    let values = (0..<4).map { _ in stream.uniform() }
    #expect(values == [12_441_394, 2_682_851, 4_674_151, 5_774_561].map { $0 * 0x1p-24 })
    let many = (0..<100_000).map { _ in stream.uniform() }
    #expect(many.allSatisfy { (0..<1).contains($0) })
    let mean = many.reduce(0.0) { $0 + Double($1) } / 100_000
    #expect(abs(mean - 0.5) < 0.005)
  }

  @Test func uniformInARange() {
    var stream = RandomStream(seed: 43)
    let values = (0..<20_000).map { _ in stream.uniform(in: -3...5) }
    #expect(values.allSatisfy { (-3...5).contains($0) })
    #expect((values.min() ?? 0) < -2.98)
    #expect((values.max() ?? 0) > 4.98)
    #expect(stream.uniform(in: 2...2) == 2)
  }

  @Test func belowABound() {
    var stream = RandomStream(seed: 42)
    #expect((0..<12).map { _ in stream.below(10) } == [7, 1, 2, 3, 0, 8, 2, 8, 3, 6, 2, 4])
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<70_000 { counts[stream.below(7)] += 1 }
    #expect(counts.allSatisfy { abs($0 - 10_000) < 500 })
    #expect(stream.below(1) == 0)
    #expect((0..<stream.below(.max) + 1).count > 0)
  }

  @Test func permutationHoldsEveryNumberOnce() {
    var stream = RandomStream(seed: 42)
    #expect(stream.permutation(10) == [8, 3, 6, 5, 4, 0, 9, 2, 1, 7])
    #expect(stream.permutation(0) == [])
    #expect(stream.permutation(1) == [0])
    let long = stream.permutation(5000)
    #expect(long != Array(0..<5000))
    #expect(long.sorted() == Array(0..<5000))
    let orders = Set((0..<600).map { _ in stream.permutation(3) })
    #expect(orders.count == 6)
  }

  @Test func normalHasMeanZeroAndVarianceOne() {
    var stream = RandomStream(seed: 42)
    #expect(
      (0..<3).map { _ in stream.normal().bitPattern } == [0xBF64_E5F8, 0xBEEE_DDB6, 0x3FCB_D852])
    let count = 200_000
    let values = (0..<count).map { _ in Double(stream.normal()) }
    let mean = values.reduce(0, +) / Double(count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
    #expect(abs(mean) < 0.01)
    #expect(abs(variance - 1) < 0.02)
    #expect(abs(Double(values.filter { abs($0) < 1 }.count) / Double(count) - 0.6827) < 0.01)
    #expect(values.allSatisfy { abs($0) <= 6 })
  }

  @Test func equalStreamsGoOnAlike() {
    var one = RandomStream(seed: 9)
    var other = one
    #expect(one.next() == other.next())
    #expect(one == other)
    _ = one.next()
    #expect(one != other)
  }
}
