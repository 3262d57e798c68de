import Augmentation
import Testing

@Suite struct RandomGammaTests {
  @Test func squares() {
    let result = apply(RandomGamma(2...2), graySample(width: 4, height: 1, [0, 51, 128, 255]))
    #expect(red(result) == [0, 10, 64, 255])
    #expect(result.labels == [1, 1, 1, 1])
  }

  @Test func oneChangesNothing() {
    let sample = countingSample(width: 5, height: 5)
    #expect(apply(RandomGamma(1...1), sample) == sample)
  }
}
