import Layers
import Testing

@Suite struct WindowTests {
  @Test func pairs() {
    let both: Pair = 3
    #expect(both == Pair(3, 3))
    #expect(both == Pair(3))
    #expect(Pair(2, 5).height == 2)
    #expect(Pair(2, 5).width == 5)
    #expect(Pair(2, 5) != Pair(5, 2))
    #expect("\(Pair(2, 5))" == "2x5")
  }

  @Test func defaults() {
    let window = Window(extent: 3)
    #expect(window == Window(extent: Pair(3, 3), stride: 1, upsampling: 1, padding: 0))
    #expect(window != Window(extent: 3, padding: 1))
  }
}
