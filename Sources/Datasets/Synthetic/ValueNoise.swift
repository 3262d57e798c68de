/// Smooth noise from a lattice of hashed values (value noise), the texture of everything in a scene.
///
/// Only integer hashing and `+ - *` go into a value, so that it is the same on every platform.
struct ValueNoise: Sendable {
  /// Which noise field this is.
  let seed: UInt32

  /// Noise in `0...1` with features of size 1.
  func value(_ x: Float, _ y: Float) -> Float {
    let x = max(-1e6, min(1e6, x))
    let y = max(-1e6, min(1e6, y))
    let left = x.rounded(.down)
    let top = y.rounded(.down)
    let column = Int32(left)
    let row = Int32(top)
    let a = Self.smooth(x - left)
    let b = Self.smooth(y - top)
    let upper = mix(lattice(column, row), lattice(column &+ 1, row), a)
    let lower = mix(lattice(column, row &+ 1), lattice(column &+ 1, row &+ 1), a)
    return mix(upper, lower, b)
  }

  /// A sum of `octaves` noises, each of twice the frequency and half the strength, in `0...1`.
  func fractal(_ x: Float, _ y: Float, octaves: Int) -> Float {
    var sum: Float = 0
    var weight: Float = 0
    var strength: Float = 1
    var frequency: Float = 1
    for octave in 0..<octaves {
      let shift = Float(octave) * 17.25
      sum += strength * value(x * frequency + shift, y * frequency - shift)
      weight += strength
      strength *= 0.5
      frequency *= 2.03
    }
    return sum / weight
  }

  /// A random number in `0..<1` for a lattice cell.
  func lattice(_ x: Int32, _ y: Int32) -> Float {
    var bits = UInt32(bitPattern: x) &* 0x9E37_79B1 ^ UInt32(bitPattern: y) &* 0x85EB_CA77 ^ seed
    bits ^= bits >> 15
    bits = bits &* 0x2C1B_3C6D
    bits ^= bits >> 12
    bits = bits &* 0x297A_2D39
    bits ^= bits >> 15
    return Float(bits >> 8) * 0x1p-24
  }

  private static func smooth(_ t: Float) -> Float { t * t * (3 - 2 * t) }
}

/// The point that divides `a`…`b` at `t`.
func mix(_ a: Float, _ b: Float, _ t: Float) -> Float { a + (b - a) * t }

/// The colour that divides `a`…`b` at `t`.
func mix(_ a: SIMD3<Float>, _ b: SIMD3<Float>, _ t: Float) -> SIMD3<Float> { a + (b - a) * t }

/// `x` held within `0...1`.
func unit(_ x: Float) -> Float { max(0, min(1, x)) }

/// 0 below `low`, 1 above `high`, a smooth step between.
func step(_ low: Float, _ high: Float, _ x: Float) -> Float {
  let t = unit((x - low) / (high - low))
  return t * t * (3 - 2 * t)
}

/// The inner product, summed in the order of the axes.
func dot(_ a: SIMD3<Float>, _ b: SIMD3<Float>) -> Float { a.x * b.x + a.y * b.y + a.z * b.z }

/// The cross product.
func cross(_ a: SIMD3<Float>, _ b: SIMD3<Float>) -> SIMD3<Float> {
  SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
}

/// `v` scaled to length 1; a zero vector stays zero.
func normalized(_ v: SIMD3<Float>) -> SIMD3<Float> {
  let length = dot(v, v).squareRoot()
  return length > 0 ? v / length : v
}
