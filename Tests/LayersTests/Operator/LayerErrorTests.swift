import Layers
import TensorCore
import Testing

@Suite struct LayerErrorTests {
  @Test func texts() {
    let texts: [(LayerError, String)] = [
      (.inputCount(operator: "add", expected: 2, found: 1), "add: expected 2 inputs, found 1"),
      (.channels(operator: "a", expected: 3, found: 4), "a: expected 3 input channels, found 4"),
      (
        .groups(operator: "conv2d", channels: 6, groups: 4),
        "conv2d: expected channels that 4 groups divide, found 6"
      ),
      (
        .windowTooLarge(operator: "conv2d", window: Pair(7, 5), padded: Pair(4, 7)),
        "conv2d: expected a padded input of at least 7x5, found 4x7; use a larger image"
      ),
      (
        .shapesDiffer(operator: "add", expected: [1, 2, 2, 3], found: [1, 2, 3, 3]),
        "add: expected an input of [1, 2, 2, 3], found [1, 2, 3, 3]"
      ),
      (
        .setting(operator: "conv2d", name: "stride", expected: "of 1 or more", found: 0),
        "conv2d: expected stride of 1 or more, found 0"
      ),
    ]
    for (error, text) in texts { #expect("\(error)" == text) }
  }
}
