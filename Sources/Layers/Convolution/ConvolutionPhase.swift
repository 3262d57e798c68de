/// Which taps of a stored kernel a convolution has, and which pixels of an activation its outputs are.
struct ConvolutionPhase {
  /// The place in the stored kernel of each tap.
  let sourceTaps: [Int]
  /// Taps of the stored kernel.
  let storedTaps: Int
  /// Row and column of the first output.
  let origin: Pair
  /// Rows and columns from an output to the next.
  let step: Pair

  /// All taps and all pixels; `turned` by half a turn.
  init(taps: Int, turned: Bool) {
    sourceTaps = turned ? (0..<taps).reversed() : Array(0..<taps)
    (storedTaps, origin, step) = (taps, 0, 1)
  }

  init(sourceTaps: [Int], storedTaps: Int, origin: Pair, step: Pair) {
    (self.sourceTaps, self.storedTaps) = (sourceTaps, storedTaps)
    (self.origin, self.step) = (origin, step)
  }
}
