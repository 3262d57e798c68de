import TensorCore

/// Sizes and paint of a car, metres; local coordinates are x right, y up, z forward from the middle.
struct CarShape: Sendable {
  let width: Float
  let length: Float
  let height: Float
  /// Height of the lower body, where the windows begin.
  let belt: Float
  /// Height of the bonnet's front.
  let nose: Float
  /// Depths of the cabin: rear and front at the belt, rear and front at the roof.
  let cabin: SIMD4<Float>
  /// The roof's width as a share of the body's.
  let taper: Float
  /// Whether the sides behind the front seats are closed, as a delivery van's.
  let closed: Bool
  let paint: SIMD3<Float>
  let wheel: Float

  private static let paints: [SIMD3<Float>] = [
    SIMD3(0.82, 0.82, 0.82), SIMD3(0.60, 0.62, 0.65), SIMD3(0.36, 0.38, 0.41), SIMD3(0.09, 0.09, 0.10),
    SIMD3(0.58, 0.08, 0.07), SIMD3(0.12, 0.20, 0.46), SIMD3(0.10, 0.27, 0.22), SIMD3(0.16, 0.18, 0.22),
    SIMD3(0.45, 0.55, 0.68), SIMD3(0.72, 0.66, 0.55),
  ]

  /// A hatchback, saloon, van or delivery van.
  static func random(_ random: inout RandomStream) -> CarShape {
    let paint = random.color(near: random.choice(paints), spread: 0.06)
    let half = random.between(1.95, 2.3)
    let kind = random.uniform()
    if kind < 0.14 {
      let height = random.between(2.1, 2.6)
      return CarShape(
        width: 1.95, length: half * 2.4, height: height, belt: 1.15, nose: 0.95,
        cabin: SIMD4(-half * 1.18, half * 0.85, -half * 1.16, half * 0.5), taper: 0.92,
        closed: random.chance(0.7),
        paint: random.chance(0.5) ? SIMD3(0.85, 0.85, 0.84) : paint, wheel: 0.36)
    }
    if kind < 0.5 {
      return CarShape(
        width: 1.75, length: half * 2, height: random.between(1.38, 1.48), belt: 0.9, nose: 0.7,
        cabin: SIMD4(-half * 0.75, half * 0.42, -half * 0.42, half * 0.02), taper: 0.74, closed: false,
        paint: paint, wheel: 0.31)
    }
    return CarShape(
      width: 1.74, length: half * 1.85, height: random.between(1.45, 1.7), belt: 0.93, nose: 0.74,
      cabin: SIMD4(-half * 0.88, half * 0.42, -half * 0.72, half * 0.05), taper: 0.78, closed: false,
      paint: paint, wheel: 0.31)
  }
}

/// A car at its place: from local coordinates to the world's.
struct CarBody {
  let shape: CarShape
  let base: SIMD3<Float>
  private let forward: SIMD3<Float>
  private let right: SIMD3<Float>

  init(shape: CarShape, base: SIMD3<Float>, heading: SIMD2<Float>) {
    self.shape = shape
    self.base = base
    forward = normalized(SIMD3(heading.y, 0, heading.x))
    right = SIMD3(forward.z, 0, -forward.x)
  }

  /// The world position of a local one.
  func world(_ x: Float, _ y: Float, _ z: Float) -> SIMD3<Float> {
    base + right * x + forward * z + SIMD3(0, y, 0)
  }

  /// The ground under the car, `grow` metres wider all around.
  func footprint(grow: Float) -> [SIMD3<Float>] {
    let x = shape.width / 2 + grow
    let z = shape.length / 2 + grow
    return [world(-x, 0, -z), world(x, 0, -z), world(x, 0, z), world(-x, 0, z)]
  }

  /// The ground that the car keeps the sun off, where a height of 1 casts a shadow of `fall`.
  func shadow(fall: SIMD3<Float>) -> [SIMD3<Float>] {
    let low = footprint(grow: 0)
    let points = low + low.map { $0 + fall * (shape.height * 0.85) }
    return Self.hull(points)
  }

  /// The convex hull of points on the ground (Andrew's monotone chain).
  private static func hull(_ points: [SIMD3<Float>]) -> [SIMD3<Float>] {
    let sorted = points.sorted { ($0.x, $0.z) < ($1.x, $1.z) }
    func chain(_ points: [SIMD3<Float>]) -> [SIMD3<Float>] {
      var chain: [SIMD3<Float>] = []
      for point in points {
        while chain.count >= 2 {
          let a = chain[chain.count - 1] - chain[chain.count - 2]
          let b = point - chain[chain.count - 1]
          guard a.x * b.z - a.z * b.x <= 0 else { break }
          chain.removeLast()
        }
        chain.append(point)
      }
      return chain.dropLast()
    }
    return chain(sorted) + chain(sorted.reversed())
  }
}
