import TensorCore

extension RandomStream {
  /// A uniform number between `low` and `high`.
  mutating func between(_ low: Float, _ high: Float) -> Float { low + (high - low) * uniform() }

  /// Whether an event of the given probability happens.
  mutating func chance(_ probability: Float) -> Bool { uniform() < probability }

  /// -1 or 1.
  mutating func sign() -> Float { chance(0.5) ? -1 : 1 }

  /// One of `choices`, which is not empty.
  mutating func choice<Element>(_ choices: [Element]) -> Element { choices[below(choices.count)] }

  /// A colour near `base`: brightness and tint vary by `spread`.
  mutating func color(near base: SIMD3<Float>, spread: Float) -> SIMD3<Float> {
    let gray = between(-spread, spread)
    let tint = SIMD3(between(-spread, spread), between(-spread, spread), between(-spread, spread))
    let color = base + SIMD3(repeating: gray) + tint * 0.4
    return color.clamped(lowerBound: SIMD3(repeating: 0.02), upperBound: SIMD3(repeating: 0.98))
  }
}
