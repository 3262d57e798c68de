import Augmentation
import Testing

@Suite struct QuarterTurnTests {
  @Test(
    arguments: [
      (0, 3, [0, 1, 2, 3, 4, 5]), (1, 2, [3, 0, 4, 1, 5, 2]), (2, 3, [5, 4, 3, 2, 1, 0]),
      (3, 2, [2, 5, 1, 4, 0, 3]),
    ] as [(Int, Int, [UInt8])])
  func turnsClockwise(quarters: Int, width: Int, labels: [UInt8]) {
    let turned = QuarterTurn.turned(countingSample(width: 3, height: 2), quarters: quarters)
    #expect(turned.width == width)
    #expect(turned.labels == labels)
    #expect(agrees(turned))
  }

  @Test func everyTurnIsDrawn() {
    let seen = Set(
      (0..<40).map { apply(QuarterTurn(), countingSample(width: 3, height: 2), seed: $0).labels })
    #expect(seen.count == 4)
  }
}
