import Augmentation
import Testing

@Suite struct FlipTests {
  @Test func horizontalExchangesLeftAndRight() {
    let flipped = apply(Flip(.horizontal), countingSample(width: 3, height: 2))
    #expect(flipped.labels == [2, 1, 0, 5, 4, 3])
    #expect(agrees(flipped))
  }

  @Test func verticalExchangesTopAndBottom() {
    let flipped = apply(Flip(.vertical), countingSample(width: 3, height: 2))
    #expect(flipped.labels == [3, 4, 5, 0, 1, 2])
    #expect(agrees(flipped))
  }
}
