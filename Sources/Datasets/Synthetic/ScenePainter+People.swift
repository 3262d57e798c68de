import TensorCore

extension ScenePainter {
  private static let coats: [SIMD3<Float>] = [
    SIMD3(0.10, 0.10, 0.12), SIMD3(0.15, 0.18, 0.30), SIMD3(0.50, 0.12, 0.12), SIMD3(0.30, 0.24, 0.18),
    SIMD3(0.62, 0.58, 0.50), SIMD3(0.25, 0.36, 0.30), SIMD3(0.72, 0.70, 0.68), SIMD3(0.42, 0.20, 0.36),
    SIMD3(0.75, 0.45, 0.15),
  ]
  private static let skins: [SIMD3<Float>] = [
    SIMD3(0.80, 0.62, 0.52), SIMD3(0.72, 0.52, 0.40), SIMD3(0.48, 0.33, 0.25), SIMD3(0.34, 0.23, 0.18),
  ]
  private static let hair: [SIMD3<Float>] = [
    SIMD3(0.10, 0.08, 0.07), SIMD3(0.30, 0.20, 0.13), SIMD3(0.62, 0.50, 0.32), SIMD3(0.55, 0.54, 0.53),
  ]

  /// Paints somebody who walks along or across the street.
  func paintPedestrian(at prop: StreetProp, _ random: inout RandomStream) {
    let height = random.chance(0.12) ? random.between(1.1, 1.4) : random.between(1.6, 1.88)
    guard isVisible(height, at: prop.z, pixels: 11) else { return }
    let board = billboard(s: prop.s, z: prop.z)
    let h = height
    let coat = random.color(near: random.choice(Self.coats), spread: 0.06)
    let trousers = random.color(
      near: random.choice([SIMD3(0.10, 0.11, 0.14), SIMD3(0.20, 0.25, 0.38), SIMD3(0.30, 0.27, 0.23)]),
      spread: 0.04)
    let skin = random.color(near: random.choice(Self.skins), spread: 0.03)
    let profile = random.chance(0.35)
    let facing = random.sign()
    let stride = profile ? random.between(0.1, 0.24) * h * facing : random.between(-0.03, 0.03) * h
    let stance: Float = profile ? 0 : 0.05 * h
    let thick = random.between(0.9, 1.2)
    let hip = SIMD2<Float>(0, 0.5 * h)
    let shoulder = SIMD2<Float>(profile ? 0.02 * h * facing : 0, 0.8 * h)
    let shoe = SIMD3<Float>(0.07, 0.06, 0.06)
    for leg in [Float(-1), 1] {
      let foot = SIMD2(leg * (stance + abs(stride) * 0.9), leg * stride > 0 ? 0.035 * h : 0.055 * h)
      let knee = (hip + foot) / 2 + SIMD2(leg * stance * 0.3 + abs(stride) * 0.12 * facing, 0)
      let top = hip + SIMD2(leg * stance * 0.8, 0)
      paint(board, limb: top, knee, 0.058 * h * thick, 0.043 * h * thick, .pedestrian, trousers)
      paint(board, limb: knee, foot, 0.043 * h * thick, 0.03 * h, .pedestrian, trousers)
      let toe = SIMD2(profile ? 0.05 * h * facing : leg * 0.012 * h, -0.008 * h)
      paint(board, limb: foot, foot + toe, 0.027 * h, 0.024 * h, .pedestrian, shoe)
    }
    let long = random.chance(0.35)
    let chest: Float = (profile ? 0.075 : 0.095) * h * thick
    paint(
      board, limb: long ? SIMD2(0, 0.42 * h) : hip, shoulder - SIMD2(0, 0.05 * h),
      chest * (long ? 1.05 : 0.88),
      chest, .pedestrian, coat)
    for arm in profile ? [facing] : [Float(-1), 1] {
      let root = shoulder + SIMD2(profile ? 0 : arm * 0.1 * h, -0.02 * h)
      let reach = profile ? -stride * 0.5 : arm * 0.045 * h
      let hand = SIMD2(root.x + reach, 0.47 * h)
      let elbow = (root + hand) / 2 + SIMD2(profile ? 0 : arm * 0.02 * h, 0)
      let sleeve = coat * 0.88
      paint(board, limb: root, elbow, 0.036 * h * thick, 0.03 * h * thick, .pedestrian, sleeve)
      paint(board, limb: elbow, hand, 0.03 * h * thick, 0.025 * h, .pedestrian, sleeve)
      paint(board, ellipse: hand - SIMD2(0, 0.02 * h), SIMD2(0.022, 0.026) * h, .pedestrian, skin)
    }
    if random.chance(0.35) {
      let bag = random.color(near: SIMD3(0.3, 0.2, 0.15), spread: 0.12)
      let x = random.sign() * (profile ? 0.05 : 0.15) * h
      paint(board, ellipse: SIMD2(x, 0.45 * h), SIMD2(0.055, 0.07) * h, .pedestrian, bag)
    }
    let head = shoulder + SIMD2(0, 0.115 * h)
    let lock = random.color(near: random.choice(Self.hair), spread: 0.04)
    paint(board, limb: shoulder, head, 0.03 * h, 0.03 * h, .pedestrian, skin)
    paintHead(
      board, head, 0.064 * h, skin, lock, away: !profile && random.chance(0.5), turn: profile ? facing : 0,
      .pedestrian)
  }

  private func paintHead(
    _ board: SceneBillboard, _ center: SIMD2<Float>, _ radius: Float, _ skin: SIMD3<Float>,
    _ hair: SIMD3<Float>,
    away: Bool, turn: Float, _ label: StreetClass
  ) {
    paint(board, ellipse: center, SIMD2(0.82, 1.05) * radius, label, skin)
    let drop: Float = away ? 0.1 : 0.45
    paint(
      board, ellipse: center + SIMD2(-0.2 * turn, drop) * radius, SIMD2(0.88, away ? 0.95 : 0.72) * radius,
      label, hair)
  }

  /// Paints somebody on a bicycle, seen from behind or before, or from the side as far as it is turned.
  func paintBicyclist(at prop: StreetProp, _ random: inout RandomStream) {
    guard isVisible(1.75, at: prop.z, pixels: 14) else { return }
    let board = billboard(s: prop.s, z: prop.z)
    let coat =
      random.chance(0.3)
      ? random.color(near: SIMD3(0.85, 0.85, 0.12), spread: 0.06)
      : random.color(near: random.choice(Self.coats), spread: 0.06)
    let trousers = random.color(near: SIMD3(0.13, 0.14, 0.19), spread: 0.05)
    let skin = random.color(near: random.choice(Self.skins), spread: 0.03)
    let helmet =
      random.chance(0.5)
      ? random.color(near: SIMD3(0.7, 0.3, 0.25), spread: 0.25)
      : random.color(near: random.choice(Self.hair), spread: 0.04)
    let frame = random.color(near: random.choice(CyclistPose.frames), spread: 0.06)
    let turned = random.chance(0.45) ? random.between(0.5, 1) : 0
    let pose = CyclistPose(turn: turned * random.sign(), pedal: random.uniform())
    let size = max(1, 1.15 * board.pixel / 0.035)
    for wheel in pose.wheels {
      paintWheel(board, wheel, pose.wheelRadii, min(size, 2) * 0.035)
    }
    for bar in pose.bars { paint(board, limb: bar.0, bar.1, 0.028 * size, 0.028 * size, .bicyclist, frame) }
    for leg in pose.legs {
      paint(board, limb: leg.hip, leg.knee, 0.1, 0.075, .bicyclist, trousers)
      paint(board, limb: leg.knee, leg.foot, 0.07, 0.05, .bicyclist, trousers)
      paint(board, ellipse: leg.foot, SIMD2(0.08, 0.05), .bicyclist, SIMD3(0.08, 0.08, 0.08))
    }
    paint(board, limb: pose.hip, pose.shoulder, pose.girth * 0.9, pose.girth, .bicyclist, coat)
    for arm in pose.arms {
      paint(board, limb: arm.0, arm.1, 0.065, 0.05, .bicyclist, coat * 0.88)
      paint(board, ellipse: arm.1, SIMD2(0.05, 0.05), .bicyclist, skin)
    }
    paintHead(
      board, pose.head, 0.12, skin, helmet, away: turned == 0 && random.chance(0.6), turn: pose.turn,
      .bicyclist)
  }

  /// A wheel with a dark tyre and a disc of spokes.
  private func paintWheel(
    _ board: SceneBillboard, _ center: SIMD2<Float>, _ radii: SIMD2<Float>, _ tyre: Float
  ) {
    let wide = SIMD2(max(radii.x, tyre * 1.2), radii.y)
    paint(board, ellipse: center, wide, .bicyclist, SIMD3(0.07, 0.07, 0.07))
    let inner = wide - SIMD2(repeating: tyre * 1.3)
    guard inner.x > 0, inner.y > 0 else { return }
    paint(board, ellipse: center, inner, .bicyclist, SIMD3(0.40, 0.41, 0.42))
    paint(board, ellipse: center, inner * 0.2, .bicyclist, SIMD3(0.2, 0.2, 0.2))
  }
}

/// Where the parts of a bicycle and its rider are, in metres.
struct CyclistPose {
  /// Frame colours.
  static let frames: [SIMD3<Float>] = [
    SIMD3(0.10, 0.10, 0.10), SIMD3(0.55, 0.12, 0.10), SIMD3(0.14, 0.22, 0.45), SIMD3(0.60, 0.62, 0.64),
  ]

  /// 0 seen along the street, ±1 full side view toward that side.
  let turn: Float
  let wheels: [SIMD2<Float>]
  let wheelRadii: SIMD2<Float>
  let bars: [(SIMD2<Float>, SIMD2<Float>)]
  let legs: [(hip: SIMD2<Float>, knee: SIMD2<Float>, foot: SIMD2<Float>)]
  let hip: SIMD2<Float>
  let shoulder: SIMD2<Float>
  let girth: Float
  let arms: [(SIMD2<Float>, SIMD2<Float>)]
  let head: SIMD2<Float>

  init(turn: Float, pedal: Float) {
    self.turn = turn
    let crank = (pedal - 0.5) * 0.3
    guard turn != 0 else {
      wheels = [SIMD2(0, 0.34)]
      wheelRadii = SIMD2(0.045, 0.34)
      bars = [(SIMD2(-0.27, 1.02), SIMD2(0.27, 1.02)), (SIMD2(0, 0.5), SIMD2(0, 0.95))]
      hip = SIMD2(0, 0.98)
      shoulder = SIMD2(0, 1.4)
      girth = 0.18
      head = SIMD2(0, 1.66)
      legs = [Float(-1), 1].map { side in
        (
          hip: SIMD2(side * 0.1, 0.95), knee: SIMD2(side * 0.14, 0.66 + side * crank),
          foot: SIMD2(side * 0.11, 0.28 + side * crank)
        )
      }
      arms = [Float(-1), 1].map { side in (SIMD2(side * 0.2, 1.4), SIMD2(side * 0.27, 1.05)) }
      return
    }
    func at(_ x: Float, _ y: Float) -> SIMD2<Float> { SIMD2(x * turn, y) }
    wheels = [at(-0.52, 0.34), at(0.52, 0.34)]
    wheelRadii = SIMD2(0.34 * abs(turn), 0.34)
    bars = [
      (at(-0.52, 0.34), at(-0.05, 0.3)), (at(-0.05, 0.3), at(-0.2, 0.9)), (at(-0.05, 0.3), at(0.42, 0.85)),
      (at(-0.17, 0.8), at(0.4, 0.85)), (at(-0.17, 0.8), at(-0.52, 0.34)), (at(0.52, 0.34), at(0.4, 1.02)),
      (at(0.4, 1.02), at(0.5, 1.04)),
    ]
    hip = at(-0.2, 1.0)
    shoulder = at(0.12, 1.42)
    girth = 0.15
    head = at(0.22, 1.66)
    legs = [Float(-1), 1].map { side in
      (
        hip: at(-0.18, 0.98), knee: at(0.12 + side * 0.07, 0.68 + side * crank * 0.6),
        foot: at(-0.02 - side * crank * 0.6, 0.24 + side * crank * 0.8)
      )
    }
    arms = [(at(0.12, 1.4), at(0.42, 1.06))]
  }
}
