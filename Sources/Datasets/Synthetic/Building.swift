import TensorCore

/// A house: a box with a front along the street.
struct Building: Sendable {
  /// What a house front looks like.
  enum Finish: Sendable { case brick, plaster, stone, panel }

  /// -1 on the left side, 1 on the right.
  let sign: Float
  /// Nearest and farthest depth, metres.
  let z: ClosedRange<Float>
  /// Ground corners of the front, near and far.
  let near: SIMD3<Float>
  let far: SIMD3<Float>
  /// Height of the wall, metres.
  let height: Float
  /// Height of the roof over the wall; 0 is flat.
  let roof: Float
  /// How far it reaches back from the street.
  let depth: Float
  /// Height of a storey, and width that a window has to itself.
  let storey: Float
  let bay: Float
  /// A window's share of its storey and bay.
  let window: SIMD2<Float>
  /// Whether the ground floor is a shop.
  let shop: Bool
  /// The finish of the front.
  let finish: Finish
  /// Colours of wall, roof, frames and shop front.
  let wall: SIMD3<Float>
  let tiles: SIMD3<Float>
  let frame: SIMD3<Float>
  let fascia: SIMD3<Float>
  /// The texture of the house.
  let noise: ValueNoise

  private static let bricks: [SIMD3<Float>] = [
    SIMD3(0.52, 0.30, 0.22), SIMD3(0.45, 0.27, 0.21), SIMD3(0.66, 0.55, 0.38), SIMD3(0.58, 0.44, 0.30),
  ]
  private static let plasters: [SIMD3<Float>] = [
    SIMD3(0.85, 0.82, 0.74), SIMD3(0.80, 0.70, 0.54), SIMD3(0.72, 0.60, 0.48), SIMD3(0.78, 0.62, 0.56),
    SIMD3(0.88, 0.86, 0.84), SIMD3(0.64, 0.56, 0.50),
  ]

  init(side: StreetPlan.Side, z: ClosedRange<Float>, floors: Int, bend: Float, seed: UInt64) {
    var random = RandomStream(keys: seed)
    sign = side.sign
    self.z = z
    let s = side.sign * (side.facade + (random.chance(0.3) ? random.between(0, 0.6) : 0))
    near = SIMD3(s + bend * z.lowerBound * z.lowerBound, 0, z.lowerBound)
    far = SIMD3(s + bend * z.upperBound * z.upperBound, 0, z.upperBound)
    storey = random.between(2.8, 3.5)
    height = storey * Float(floors) + random.between(0.4, 1.2)
    roof = random.chance(0.6) ? random.between(1.8, 3.6) : 0
    depth = random.between(8, 12)
    bay = random.between(1.9, 3.6)
    window = SIMD2(random.between(0.38, 0.72), random.between(0.45, 0.68))
    shop = random.chance(0.35)
    finish = random.choice([.brick, .brick, .brick, .plaster, .plaster, .stone, .panel])
    switch finish {
    case .brick: wall = random.color(near: random.choice(Self.bricks), spread: 0.08)
    case .plaster: wall = random.color(near: random.choice(Self.plasters), spread: 0.08)
    case .stone: wall = random.color(near: SIMD3(0.66, 0.60, 0.50), spread: 0.1)
    case .panel: wall = random.color(near: SIMD3(0.58, 0.56, 0.54), spread: 0.12)
    }
    tiles = random.color(
      near: random.choice([SIMD3(0.34, 0.32, 0.33), SIMD3(0.46, 0.28, 0.22), SIMD3(0.38, 0.30, 0.26)]),
      spread: 0.07)
    frame =
      random.chance(0.7) ? SIMD3(0.9, 0.9, 0.88) : random.color(near: SIMD3(0.3, 0.25, 0.2), spread: 0.1)
    fascia = random.color(
      near: random.choice([
        SIMD3(0.20, 0.26, 0.22), SIMD3(0.42, 0.16, 0.14), SIMD3(0.20, 0.22, 0.34), SIMD3(0.16, 0.16, 0.16),
      ]), spread: 0.08)
    noise = ValueNoise(seed: UInt32(truncatingIfNeeded: random.next()))
  }

  /// The colour of the front at `s` metres along it and height `y`, unlit; `z` is the depth, for the detail
  /// that can still be seen, and `sky` what panes reflect.
  func front(_ s: Float, _ y: Float, z: Float, sky: SIMD3<Float>) -> SIMD3<Float> {
    if y > height - 0.35 { return wall * (y > height - 0.15 ? 1.15 : 0.75) }
    let floor = (y / storey).rounded(.down)
    let rise = y - floor * storey
    let column = (s / bay).rounded(.down)
    let across = s / bay - column - 0.5
    if shop && floor < 1 { return shopFront(s, rise, sky) }
    let door = floor < 1 && noise.lattice(Int32(column), 77) < 0.22
    let share = door ? SIMD2(min(0.55, 1.1 / bay), 0.72) : window
    let middle: Float = door ? 0.36 : 0.54
    let u = across / (share.x * 0.5)
    let v = (rise / storey - middle) / (share.y * 0.5)
    let fits = y < height - 0.7 && s > 0.3 && (column + 1) * bay < far.z - near.z + 0.4
    guard fits, u * u < 1, v * v < 1 else {
      return surface(s, y, z: z, sill: fits && u * u < 1.3 && v < -1 && v > -1.16)
    }
    let margin = min(0.3, 0.09 / (share.x * bay * 0.5))
    if door {
      let panel = u * u > 0.75 || v > 0.8
      return panel ? frame : mix(fascia, frame, noise.lattice(Int32(column), 5) * 0.4)
    }
    if 1 - abs(u) < margin || 1 - abs(v) < margin || abs(u) < margin * 0.5 || abs(v - 0.1) < margin * 0.4 {
      return frame
    }
    return pane(column, floor, u, v, sky)
  }

  private func pane(_ column: Float, _ floor: Float, _ u: Float, _ v: Float, _ sky: SIMD3<Float>)
    -> SIMD3<Float>
  {
    let key = noise.lattice(Int32(column), Int32(floor) + 100)
    let glass = mix(SIMD3(0.10, 0.12, 0.15), sky * 0.8, unit(0.18 + 0.25 * key + 0.12 * (v + u * 0.5)))
    if key > 0.8 && abs(u) > 0.55 { return mix(SIMD3(0.75, 0.72, 0.66), glass, 0.4) }
    return v > 0.75 ? glass * 0.6 : glass
  }

  private func shopFront(_ s: Float, _ rise: Float, _ sky: SIMD3<Float>) -> SIMD3<Float> {
    let t = rise / storey
    if t > 0.8 {
      let letter = noise.value(s * 5, 3) > 0.6 && abs(t - 0.9) < 0.05
      return letter ? mix(fascia, SIMD3(0.9, 0.88, 0.8), 0.7) : fascia
    }
    let pitch = bay * 1.3
    let across = abs(s / pitch - (s / pitch).rounded())
    if t < 0.16 || across < 0.045 || t > 0.76 { return fascia * 0.85 }
    let inside = noise.fractal(s * 1.7, rise * 1.7, octaves: 2)
    return mix(SIMD3(0.10, 0.11, 0.12), mix(SIMD3(0.62, 0.52, 0.38), sky, 0.3), inside * inside * 0.9)
  }

  private func surface(_ s: Float, _ y: Float, z: Float, sill: Bool) -> SIMD3<Float> {
    if sill { return mix(wall, SIMD3(0.85, 0.84, 0.8), 0.7) }
    let detail = 1 / (1 + z * z * 0.003)
    var color = wall * (0.86 + 0.28 * noise.fractal(s * 0.6, y * 0.6, octaves: 3))
    switch finish {
    case .brick:
      let row = (y / 0.16).rounded(.down)
      let brick = noise.lattice(Int32(row), Int32((s / 0.45 + row * 0.5).rounded(.down)))
      let joint: Float = y / 0.16 - row < 0.18 ? 0.25 : 0
      color *= 1 + detail * (0.35 * (brick - 0.5) - joint * 0.5)
    case .stone:
      let row = (y / 0.55).rounded(.down)
      let block = noise.lattice(Int32(row), Int32((s / 1.1 + row * 0.5).rounded(.down)))
      color *= 0.92 + 0.2 * block
    case .plaster:
      color *= 1 + detail * 0.1 * (noise.value(s * 6, y * 6) - 0.5)
    case .panel:
      let x = s / (bay * 0.5)
      color *= abs(x - x.rounded()) < 0.03 || abs(y / storey - (y / storey).rounded()) < 0.02 ? 0.7 : 1
    }
    return color * (0.72 + 0.28 * unit(y / 1.5))
  }
}
