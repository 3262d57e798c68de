import TensorCore

/// Sun, sky light and air of a scene.
struct SceneLight: Sendable {
  /// Unit vector toward the sun.
  let sun: SIMD3<Float>
  /// The sun's strength by channel; zero under a closed cloud cover.
  let direct: SIMD3<Float>
  /// The sky's strength by channel.
  let ambient: SIMD3<Float>
  /// Colour of the sky overhead.
  let zenith: SIMD3<Float>
  /// Colour of the sky at the horizon, and of the haze.
  let horizon: SIMD3<Float>
  /// Share of the sky that clouds cover.
  let cloudiness: Float
  /// Haze per metre.
  let haze: Float

  init(_ random: inout RandomStream) {
    let overcast = random.chance(0.4)
    let across = random.sign() * random.between(0.25, 0.95)
    let along = random.sign() * (1 - across * across).squareRoot()
    let slope = random.between(0.45, 1.4)
    sun = normalized(SIMD3(across, slope, along))
    let warmth = random.between(0, 1)
    let strength: Float = overcast ? 0 : random.between(0.4, 0.85)
    direct = SIMD3(1.06, 1, mix(0.96, 0.74, warmth)) * strength
    let sky = overcast ? random.between(0.75, 1.05) : random.between(0.46, 0.7)
    ambient = SIMD3(0.97, 1, mix(1.02, 1.1, overcast ? 0.3 : 1)) * sky
    if overcast {
      let gray = random.between(0.68, 1.02)
      zenith = SIMD3(0.95, 0.98, 1.03) * gray
      horizon = SIMD3(1, 1, 1) * min(1.08, gray + random.between(0, 0.15))
      cloudiness = random.between(0.7, 1)
    } else {
      zenith = mix(SIMD3(0.34, 0.54, 0.86), SIMD3(0.72, 0.82, 0.96), random.uniform())
      horizon = mix(SIMD3(0.88, 0.94, 1.0), SIMD3(1.02, 0.97, 0.9), warmth * random.uniform())
      cloudiness = random.between(0, 0.75)
    }
    haze = random.chance(0.25) ? random.between(0.002, 0.006) : random.between(0.0003, 0.002)
  }

  /// The light that falls on a surface; `sunlit` is the share of the sun that reaches it.
  func falling(on normal: SIMD3<Float>, sunlit: Float) -> SIMD3<Float> {
    let open = 0.72 + 0.28 * normal.y
    return ambient * open + direct * (max(0, dot(normal, sun)) * sunlit * 1.25)
  }
}
