/// How an input is changed until it raises a channel.
public struct MaximizationSettings: Sendable, Equatable {
  /// The side of the picture, in pixels.
  public var size = 128
  /// Sizes through which the picture grows, each `growth` times the one before.
  public var scales = 3
  /// From a size to the next.
  public var growth = 1.4
  /// Steps at each size.
  public var steps = 48
  /// How far a step goes: the mean change of a pixel, in deviations of a normalised image; a fifth of that in the last
  /// third of the steps of the last size.
  public var rate: Float = 0.2
  /// The most pixels that the picture is moved by before a step, so that no pixel keeps its place in the network's grid;
  /// in the last third of the steps of the last size it stays.
  public var jitter = 8
  /// The deviation in pixels of the blur after each fourth step, up to the same moment.
  public var blur: Float = 0.3
  /// The share by which each step draws pixels to the mean colour, up to the same moment.
  public var decay: Float = 0.01
  /// The deviation of the noise that the ascent starts from, and that activations are compared with, in deviations of a
  /// normalised image.
  public var noise: Float = 0.25
  /// Another seed starts from other noise.
  public var seed: UInt64 = 0

  /// The usual settings.
  public init() {}

  /// The sides of the pictures, the smallest first.
  var sides: [Int] {
    var sides = [size]
    for _ in 1..<max(1, scales) { sides.insert(max(1, Int((Double(sides[0]) / growth).rounded())), at: 0) }
    return sides
  }

  /// Throws unless all settings are in their ranges.
  ///
  /// - Throws: `InspectionError.setting`.
  public func check() throws(InspectionError) {
    func check(_ name: String, _ range: ClosedRange<Int>, _ found: Int) throws(InspectionError) {
      guard range.contains(found) else {
        throw .setting(name: name, expected: "\(range.lowerBound)…\(range.upperBound)", found: "\(found)")
      }
    }
    try check("--size", 8...2048, size)
    try check("--scales", 1...8, scales)
    try check("--steps", 1...10_000, steps)
    try check("--jitter", 0...256, jitter)
  }
}
