import TensorCore

/// Where everything in a scene stands, in metres, independent of the picture's size.
///
/// The street runs along z; a lateral position `s` is measured from the camera's path, which bends, so that
/// `x = s + bend · z²`.
struct StreetPlan: Sendable {
  /// One side of the street.
  struct Side: Sendable {
    /// -1 for the left side, 1 for the right.
    let sign: Float
    /// Distance of the road's edge from the camera's path.
    let kerb: Float
    /// Width of the pavement.
    let pavement: Float
    /// Distance of the house fronts.
    let facade: Float
    /// Whether grass, not paving, lies behind the pavement.
    let grass: Bool
  }

  /// How far the street is drawn.
  static let reach: Float = 170

  /// The side that the camera drives on: -1 left, 1 right.
  let drive: Float
  /// Left and right side.
  let left: Side
  let right: Side
  /// Curvature of the street, per metre.
  let bend: Float
  /// The depths between which a side road crosses, or an empty range far away.
  let junction: ClosedRange<Float>
  /// Houses, far ones first.
  private(set) var buildings: [Building] = []
  /// Things, far ones first.
  private(set) var props: [StreetProp] = []
  /// Height of the roofs by metre of depth.
  private var leftRoofs: [Float] = []
  private var rightRoofs: [Float] = []

  init(_ random: inout RandomStream) {
    let drive: Float = random.chance(0.5) ? -1 : 1
    self.drive = drive
    let parking = random.chance(0.55)
    let near = random.between(1.9, 2.7) + (parking ? 2.1 : 0)
    let far = random.between(4.9, 6.6) + (random.chance(0.4) ? 2.1 : 0)
    let sides = [near, far].enumerated().map { index, kerb in
      let pavement = random.between(2.2, 4.6)
      let setback = random.chance(0.55) ? random.between(0, 0.4) : random.between(1.5, 7)
      return Side(
        sign: index == 0 ? drive : -drive, kerb: kerb, pavement: pavement,
        facade: kerb + pavement + setback, grass: random.chance(0.65))
    }
    left = drive < 0 ? sides[0] : sides[1]
    right = drive < 0 ? sides[1] : sides[0]
    bend = random.chance(0.5) ? 0 : random.between(-5e-4, 5e-4)
    let start = random.between(15, 55)
    junction = random.chance(0.4) ? start...(start + random.between(7, 11)) : 1e5...1e5
    for side in sides { addBuildings(side, &random) }
    buildings.sort { $0.z.lowerBound > $1.z.lowerBound }
    leftRoofs = roofs(left)
    rightRoofs = roofs(right)
    props = StreetPopulation.props(of: self, parking: parking, &random)
  }

  /// The side of the street at lateral position `s`.
  func side(at s: Float) -> Side { s < 0 ? left : right }

  /// World x of a lateral position at depth `z`.
  func x(s: Float, z: Float) -> Float { s + bend * z * z }

  /// The share of the sun that reaches a point: 0 in the shadow of a house, else 1.
  func sunlit(s: Float, y: Float, z: Float, _ light: SceneLight) -> Float {
    let sun = light.sun
    guard sun.x * sun.x > 0.01 else { return 1 }
    let side = sun.x < 0 ? left : right
    let distance = (side.sign * side.facade - s) / sun.x
    guard distance > 0 else { return 1 }
    let depth = z + distance * sun.z
    let roofs = sun.x < 0 ? leftRoofs : rightRoofs
    let bin = Int(max(0, min(Float(roofs.count - 1), depth + 30)))
    return roofs[bin] > y + distance * sun.y ? 0 : 1
  }

  private mutating func addBuildings(_ side: Side, _ random: inout RandomStream) {
    let terrace = random.chance(0.65)
    let storeys = random.between(1.6, 4.2)
    var z: Float = random.between(-14, -4)
    while z < Self.reach {
      let length = terrace ? random.between(6, 20) : random.between(8, 15)
      let gap: Float = random.chance(terrace ? 0.12 : 0.85) ? random.between(2, terrace ? 14 : 7) : 0
      let style = random.next()
      let floors = max(1, min(6, Int((storeys + random.between(-1.2, 1.4)).rounded())))
      let clear = junction.lowerBound - side.pavement
      if z + length > clear && z < junction.upperBound + side.pavement {
        let first = z
        z = junction.upperBound + side.pavement
        guard clear - first > 5 else { continue }
        buildings.append(Building(side: side, z: first...clear, floors: floors, bend: bend, seed: style))
        continue
      }
      buildings.append(Building(side: side, z: z...(z + length), floors: floors, bend: bend, seed: style))
      z += length + gap
    }
  }

  private func roofs(_ side: Side) -> [Float] {
    var heights = [Float](repeating: 0, count: Int(Self.reach) + 60)
    for building in buildings where building.sign == side.sign {
      let first = max(0, Int(building.z.lowerBound + 30))
      let last = min(heights.count - 1, Int(building.z.upperBound + 30))
      guard first <= last else { continue }
      for bin in first...last { heights[bin] = building.height }
    }
    return heights
  }
}
