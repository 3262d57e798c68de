/// What the ground is made of at a point, and how it looks.
struct GroundSurface {
  let plan: StreetPlan
  let noise: ValueNoise
  private let asphalt: SIMD3<Float>
  private let paving: SIMD3<Float>
  private let lawn: SIMD3<Float>
  private let yellow: Bool
  private let slabs: Float
  private let zebra: Float
  private let dash: Float

  init(plan: StreetPlan, noise: ValueNoise) {
    self.plan = plan
    self.noise = noise
    let gray = 0.30 + 0.16 * noise.lattice(1, 1)
    asphalt = SIMD3(1, 0.99 + 0.02 * noise.lattice(2, 1), 0.97 + 0.08 * noise.lattice(3, 1)) * gray
    let light = 0.44 + 0.2 * noise.lattice(4, 1)
    paving = SIMD3(1.05, 0.99, 0.86 + 0.1 * noise.lattice(5, 1)) * light
    lawn = mix(SIMD3(0.26, 0.34, 0.13), SIMD3(0.36, 0.38, 0.20), noise.lattice(6, 1))
    yellow = noise.lattice(7, 1) < 0.45
    slabs = noise.lattice(8, 1) < 0.7 ? 0.6 + 0.5 * noise.lattice(9, 1) : 0
    let crossing = noise.lattice(10, 1)
    zebra = crossing < 0.3 ? 6 + 60 * crossing : 1e4
    dash = noise.lattice(11, 1) < 0.5 ? 6 : 3
  }

  /// Road, pavement, or tree for grass.
  func kind(s: Float, z: Float) -> StreetClass {
    let side = plan.side(at: s)
    let out = abs(s) - side.kerb
    if out < 0 { return .road }
    let junction = plan.junction
    if z > junction.lowerBound && z < junction.upperBound { return .road }
    let before = z < junction.lowerBound ? junction.lowerBound - z : z - junction.upperBound
    let corner: Float = 2.5
    if before < corner && out < corner {
      let a = corner - before
      let b = corner - out
      if a * a + b * b > corner * corner { return .road }
    }
    if out < side.pavement || before < side.pavement { return .pavement }
    return side.grass ? .tree : .pavement
  }

  /// The unlit colour of a kind of ground; `pixel` is the width of a pixel in metres, for detail.
  func color(_ kind: StreetClass, s: Float, z: Float, pixel: Float) -> SIMD3<Float> {
    switch kind {
    case .road: road(s, z, pixel)
    case .pavement: pavement(s, z, pixel)
    default: grass(s, z, pixel)
    }
  }

  private func road(_ s: Float, _ z: Float, _ pixel: Float) -> SIMD3<Float> {
    let fine = 1 / (1 + pixel * 14)
    var tone = 0.84 + 0.32 * noise.fractal(s * 0.35, z * 0.12, octaves: 3)
    tone +=
      fine * 0.4 * (noise.value(s * 11, z * 11) - 0.5) + fine * 0.28 * (noise.value(s * 27, z * 27) - 0.5)
    let wheel = abs(abs(s - 0.05) - 0.8)
    tone -= 0.06 * step(0.5, 0, wheel)
    let patch = noise.lattice(Int32((s / 2.1).rounded(.down)), Int32((z / 7).rounded(.down)))
    if patch > 0.86 { tone *= 0.82 }
    let crack = noise.fractal(s * 0.5 + 9, z * 0.3, octaves: 3) - 0.5
    tone -= 0.13 * fine * step(0.012, 0.004, abs(crack))
    let paint = marking(s, z, pixel)
    let color = asphalt * tone
    guard paint.strength > 0 else { return color }
    let worn = 0.55 + 0.5 * noise.fractal(s * 3, z * 3, octaves: 2)
    return mix(color, paint.color, unit(paint.strength * worn))
  }

  private func marking(_ s: Float, _ z: Float, _ pixel: Float) -> (strength: Float, color: SIMD3<Float>) {
    let white = SIMD3<Float>(0.82, 0.82, 0.79)
    let junction = plan.junction
    if z > junction.lowerBound - 1 && z < junction.upperBound + 1 {
      let stop = z < junction.lowerBound - 0.6 && s * plan.drive > -1.6
      return (stop && kerbDistance(s) > 0.3 ? 1 : 0, white)
    }
    if z > zebra && z < zebra + 2.8 {
      let bar = s - s.rounded(.down)
      return (line(bar - 0.5, 0.25, pixel), white)
    }
    let middle = s + plan.drive * 1.75
    let phase = z / dash - (z / dash).rounded(.down)
    let dashes = phase < 0.6 ? line(middle, 0.075, pixel) : 0
    let edge = kerbDistance(s)
    if yellow {
      let lines = max(line(edge - 0.28, 0.05, pixel), line(edge - 0.48, 0.05, pixel))
      if lines > dashes { return (lines, SIMD3(0.80, 0.66, 0.22)) }
    }
    return (dashes, white)
  }

  /// Coverage of a line of half width `half` at a distance.
  private func line(_ distance: Float, _ half: Float, _ pixel: Float) -> Float {
    unit((half - abs(distance)) / max(pixel, 1e-4) + 0.5) * min(1, half * 2.5 / max(pixel, 1e-4))
  }

  private func kerbDistance(_ s: Float) -> Float { plan.side(at: s).kerb - abs(s) }

  private func pavement(_ s: Float, _ z: Float, _ pixel: Float) -> SIMD3<Float> {
    let fine = 1 / (1 + pixel * 14)
    let out = -kerbDistance(s)
    let base = 0.88 + 0.24 * noise.fractal(s * 0.8, z * 0.8, octaves: 3)
    let grain = fine * 0.18 * (noise.value(s * 15, z * 15) - 0.5)
    if out > 0 && out < 0.22 {
      let joint = abs(z / 0.9 - (z / 0.9).rounded()) < 0.03
      let face: Float = out < 0.1 ? 0.72 : 1.15
      return SIMD3(0.62, 0.60, 0.56) * ((base + grain) * face * (joint ? 0.8 : 1))
    }
    var tone = base + grain
    if slabs > 0 {
      let u = s / slabs
      let row = u.rounded(.down)
      let v = z / (slabs * 1.4) + row * 0.5
      tone *= 0.9 + 0.2 * noise.lattice(Int32(row), Int32(v.rounded(.down)))
      if fine > 0.25 && (abs(u - u.rounded()) < 0.03 || abs(v - v.rounded()) < 0.02) { tone *= 0.75 }
    }
    return paving * tone
  }

  private func grass(_ s: Float, _ z: Float, _ pixel: Float) -> SIMD3<Float> {
    let fine = 1 / (1 + pixel * 8)
    let tuft = noise.fractal(s * 0.5, z * 0.5, octaves: 3)
    let blade = fine * 0.8 * (noise.fractal(s * 9, z * 7, octaves: 2) - 0.5)
    return lawn * (0.65 + 0.6 * tuft + blade)
  }
}
