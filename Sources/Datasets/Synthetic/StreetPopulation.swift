import TensorCore

/// Draws the things that stand and move in a street.
struct StreetPopulation {
  private let plan: StreetPlan
  private var props: [StreetProp] = []

  /// The things of a street, far ones first.
  static func props(of plan: StreetPlan, parking: Bool, _ random: inout RandomStream) -> [StreetProp] {
    var population = StreetPopulation(plan: plan)
    let near = plan.drive < 0 ? plan.left : plan.right
    let far = plan.drive < 0 ? plan.right : plan.left
    for side in [near, far] {
      population.plant(side, &random)
      population.fence(side, &random)
      population.furnish(side, &random)
    }
    population.park(near, parking, &random)
    population.park(far, random.chance(0.4), &random)
    population.drive(&random)
    for side in [near, far] { population.walk(side, &random) }
    population.cycle(near, far, &random)
    return population.props.enumerated().sorted {
      ($0.element.z, $1.offset) > ($1.element.z, $0.offset)
    }.map(\.element)
  }

  private init(plan: StreetPlan) { self.plan = plan }

  private mutating func add(_ kind: StreetProp.Kind, _ s: Float, _ z: Float, _ random: inout RandomStream) {
    props.append(StreetProp(kind: kind, s: s, z: z, seed: random.next()))
  }

  private func inJunction(_ z: Float, margin: Float) -> Bool {
    z > plan.junction.lowerBound - margin && z < plan.junction.upperBound + margin
  }

  /// Trees along the pavement and in the gaps between houses.
  private mutating func plant(_ side: StreetPlan.Side, _ random: inout RandomStream) {
    let avenue = random.chance(0.6)
    let spacing = random.between(8, 18)
    let height = random.between(4.5, 9)
    let line = side.kerb + side.pavement * 0.85
    var z = random.between(5, 5 + spacing)
    while z < 120 {
      if avenue && random.chance(0.8) && !inJunction(z, margin: 4) {
        add(.tree(height: height * random.between(0.8, 1.25)), side.sign * line, z, &random)
      }
      z += spacing * random.between(0.75, 1.3)
    }
    let houses = plan.buildings.filter { $0.sign == side.sign }
    for (behind, front) in zip(houses, houses.dropFirst()) {
      let gap = behind.z.lowerBound - front.z.upperBound
      let middle = (behind.z.lowerBound + front.z.upperBound) / 2
      guard gap > 1.5, !inJunction(middle, margin: 2) else { continue }
      let s = side.sign * (side.facade + random.between(0.5, 4))
      add(.tree(height: random.between(4, 10)), s, middle, &random)
    }
    guard side.facade - side.kerb - side.pavement > 1.4 else { return }
    for _ in 0..<random.below(4) {
      let s = side.sign * (side.facade - 0.7)
      add(.tree(height: random.between(2, 6)), s, random.between(8, 60), &random)
    }
  }

  /// Fences and hedges at the pavement's outer edge, or a guard rail along the kerb.
  private mutating func fence(_ side: StreetPlan.Side, _ random: inout RandomStream) {
    let style = random.next()
    let garden = side.facade - side.kerb - side.pavement > 1.4
    let rail = random.chance(0.2)
    guard rail || garden || random.chance(0.25) else { return }
    let s = side.sign * (rail ? side.kerb + 0.35 : side.kerb + side.pavement + 0.05)
    let hedges = !rail && random.chance(0.3)
    var z = random.between(2, 10)
    let end = z + (rail ? random.between(10, 24) : random.between(16, 70))
    let height = random.between(0.8, 1.7)
    while z < end {
      if !inJunction(z, margin: side.pavement + 3) && (rail || random.chance(0.82)) {
        if hedges && random.chance(0.7) {
          add(.hedge(length: 3, height: height), s, z, &random)
        } else {
          add(.fence(length: 3, style: style), s, z, &random)
        }
      }
      z += 3
    }
  }

  /// Lamps, signs, traffic lights and bollards near the kerb.
  private mutating func furnish(_ side: StreetPlan.Side, _ random: inout RandomStream) {
    let line = side.sign * (side.kerb + 0.5)
    let height = random.between(5, 8.5)
    var z = random.between(6, 22)
    let lamps = random.chance(0.85)
    while z < 80 {
      if lamps && !inJunction(z, margin: 3) { add(.lamp(height: height), line, z, &random) }
      z += random.between(16, 26)
    }
    for _ in 0..<(1 + random.below(3)) {
      let z = random.between(5.5, 24)
      if !inJunction(z, margin: 1) {
        add(.sign, line + side.sign * random.between(-0.1, 0.4), z, &random)
      }
    }
    if plan.junction.lowerBound < 45 && random.chance(0.75) {
      add(.trafficLight, line, plan.junction.lowerBound - 2.5, &random)
    } else if random.chance(0.2) {
      add(.trafficLight, line, random.between(9, 26), &random)
    }
    if random.chance(0.3) {
      let first = random.between(4, 12)
      for index in 0..<(2 + random.below(4)) {
        add(.bollard, side.sign * (side.kerb + 0.3), first + Float(index) * 1.7, &random)
      }
    }
  }

  /// A row of parked cars with gaps.
  private mutating func park(_ side: StreetPlan.Side, _ parking: Bool, _ random: inout RandomStream) {
    guard parking else { return }
    let density = random.between(0.35, 0.85)
    var z = random.between(7, 12)
    while z < 75 {
      let shape = CarShape.random(&random)
      if random.chance(density) && !inJunction(z, margin: 5) {
        let facing: Float = random.chance(0.85) ? side.sign * plan.drive : -side.sign * plan.drive
        let s = side.sign * (side.kerb - 0.3 - shape.width / 2)
        add(.car(shape: shape, heading: SIMD2(facing, 0)), s, z, &random)
      }
      z += shape.length + random.between(0.8, 2.4)
    }
  }

  /// Cars ahead, oncoming, and crossing at a junction.
  private mutating func drive(_ random: inout RandomStream) {
    var z = random.between(7, 30)
    for _ in 0..<random.below(3) {
      let shape = CarShape.random(&random)
      let turn = random.between(-0.05, 0.05)
      add(.car(shape: shape, heading: SIMD2(1, turn)), random.between(-0.3, 0.3), z, &random)
      z += random.between(9, 25)
    }
    z = random.between(8, 35)
    for _ in 0..<random.below(4) {
      let shape = CarShape.random(&random)
      let s = -plan.drive * random.between(3.1, 3.7)
      add(.car(shape: shape, heading: SIMD2(-1, random.between(-0.05, 0.05))), s, z, &random)
      z += random.between(9, 25)
    }
    if plan.junction.lowerBound < 45 && random.chance(0.6) {
      let z = (plan.junction.lowerBound + plan.junction.upperBound) / 2 + random.between(-1.5, 1.5)
      let shape = CarShape.random(&random)
      add(.car(shape: shape, heading: SIMD2(0, random.sign())), random.between(-9, 9), z, &random)
    }
  }

  /// Pedestrians on the pavement, and now and then on the road.
  private mutating func walk(_ side: StreetPlan.Side, _ random: inout RandomStream) {
    var count = random.below(5)
    if random.chance(0.12) { count += 3 }
    for _ in 0..<count {
      let s = side.kerb + side.pavement * random.between(0.25, 0.8)
      add(.pedestrian, side.sign * s, random.between(5.5, 21), &random)
    }
    if random.chance(0.12) {
      add(.pedestrian, random.between(-plan.left.kerb, plan.right.kerb), random.between(8, 18), &random)
    }
  }

  /// Bicyclists at the sides of the road.
  private mutating func cycle(
    _ near: StreetPlan.Side, _ far: StreetPlan.Side, _ random: inout RandomStream
  ) {
    for _ in 0..<random.choice([0, 1, 1, 1, 2]) {
      let side = random.chance(0.65) ? near : far
      let inset = random.between(0.6, 1.1) + (random.chance(0.4) ? 1.6 : 0)
      add(.bicyclist, side.sign * (side.kerb - inset), random.between(5.5, 17), &random)
    }
  }
}
