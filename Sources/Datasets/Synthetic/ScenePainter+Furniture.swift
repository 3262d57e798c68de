import TensorCore

extension ScenePainter {
  private static let metals: [SIMD3<Float>] = [
    SIMD3(0.48, 0.49, 0.50), SIMD3(0.30, 0.31, 0.32), SIMD3(0.16, 0.22, 0.18), SIMD3(0.12, 0.12, 0.13),
    SIMD3(0.62, 0.62, 0.60),
  ]

  /// A post's half width: at least a little over a pixel, so that far posts stay whole.
  private func post(_ half: Float, _ board: SceneBillboard) -> Float { max(half, 1.15 * board.pixel) }

  /// Paints a street lamp with an arm over the road.
  func paintLamp(at prop: StreetProp, height: Float, _ random: inout RandomStream) {
    guard isVisible(height, at: prop.z, pixels: 24) else { return }
    let board = billboard(s: prop.s, z: prop.z)
    let metal = random.color(near: random.choice(Self.metals), spread: 0.04)
    let half = post(0.075, board)
    let reach = (prop.s < 0 ? 1 : -1) * random.between(0.5, 1.6)
    let tip = SIMD2(reach, height + 0.35)
    paint(board, limb: SIMD2(0, height), tip, half * 0.8, half * 0.7, .pole, metal)
    paint(board, limb: SIMD2(0, 0.05), SIMD2(0, 1), half * 1.5, half * 1.4, .pole, metal)
    paint(board, limb: SIMD2(0, 1), SIMD2(0, height), half * 1.1, half * 0.85, .pole, metal)
    let head = SIMD2(max(0.35, board.pixel * 2), max(0.11, board.pixel * 1.2))
    paint(board, ellipse: tip, head, .pole, mix(metal, SIMD3(0.8, 0.8, 0.76), 0.5))
  }

  /// Paints a bollard at the kerb.
  func paintBollard(at prop: StreetProp, _ random: inout RandomStream) {
    guard isVisible(1.05, at: prop.z, pixels: 12) else { return }
    let board = billboard(s: prop.s, z: prop.z)
    let half = post(0.085, board)
    let iron = SIMD3<Float>(0.10, 0.10, 0.11)
    paint(board, limb: SIMD2(0, 0.03), SIMD2(0, 1), half, half, .pole, iron)
    paint(board, limb: SIMD2(0, 0.82), SIMD2(0, 0.86), half, half, .pole, SIMD3(0.75, 0.72, 0.6))
  }

  /// Paints a traffic sign on a post.
  func paintSign(at prop: StreetProp, _ random: inout RandomStream) {
    let size = random.between(0.36, 0.52)
    guard isVisible(size * 2, at: prop.z, pixels: 8) else { return }
    let board = billboard(s: prop.s, z: prop.z)
    let center = SIMD2<Float>(0, random.between(2.2, 2.9))
    let half = post(0.045, board)
    let metal = random.color(near: SIMD3(0.50, 0.51, 0.52), spread: 0.08)
    paint(board, limb: SIMD2(0, 0), center + SIMD2(0, size), half, half, .pole, metal)
    let kind = random.below(7)
    let red = SIMD3<Float>(0.78, 0.07, 0.08)
    let blue = SIMD3<Float>(0.06, 0.24, 0.66)
    let white = SIMD3<Float>(0.92, 0.92, 0.90)
    switch kind {
    case 0, 1:
      paintRound(board, center, size, rim: red, face: white, mark: SIMD3(0.08, 0.08, 0.08))
    case 2: paintRound(board, center, size, rim: white, face: blue, mark: white)
    case 3:
      paintTriangle(board, center, size * 1.15, red)
      paintTriangle(board, center, size * 0.72, white)
      paint(
        board, limb: center - SIMD2(0, size * 0.2), center + SIMD2(0, size * 0.15), size * 0.09, size * 0.11,
        .sign, SIMD3(0.08, 0.08, 0.08))
    case 4:
      paintRound(board, center, size, rim: red, face: red, mark: white)
    default:
      let plate = random.choice([blue, SIMD3(0.05, 0.36, 0.22), SIMD3(0.90, 0.74, 0.10), white])
      let wide = size * random.between(0.8, 1.7)
      paintBoard(board, center, SIMD2(wide, size * random.between(0.8, 1.2)), plate, &random)
    }
    if random.chance(0.35) {
      let low = center - SIMD2(0, size + 0.28)
      paintBoard(board, low, SIMD2(size * 0.8, 0.2), white, &random)
    }
  }

  private func paintRound(
    _ board: SceneBillboard, _ center: SIMD2<Float>, _ size: Float, rim: SIMD3<Float>, face: SIMD3<Float>,
    mark: SIMD3<Float>
  ) {
    paint(board, ellipse: center, SIMD2(size, size), .sign, rim)
    paint(board, ellipse: center, SIMD2(size, size) * 0.76, .sign, face)
    let bar = SIMD2(size * 0.5, size * 0.14)
    paint(board, from: center - bar, to: center + bar, .sign) { _ in mark * board.light.middle }
  }

  private func paintTriangle(
    _ board: SceneBillboard, _ center: SIMD2<Float>, _ size: Float, _ color: SIMD3<Float>
  ) {
    let corners = [SIMD2<Float>(-0.95, -0.62), SIMD2(0.95, -0.62), SIMD2(0, 1)].map { center + $0 * size }
    paint(board, polygon: corners, .sign, color)
  }

  private func paintBoard(
    _ board: SceneBillboard, _ center: SIMD2<Float>, _ half: SIMD2<Float>, _ color: SIMD3<Float>,
    _ random: inout RandomStream
  ) {
    let ink = dot(color, SIMD3(0.3, 0.6, 0.1)) > 0.5 ? SIMD3<Float>(0.08, 0.08, 0.1) : SIMD3(0.92, 0.92, 0.9)
    let text = ValueNoise(seed: UInt32(truncatingIfNeeded: random.next()))
    paint(board, from: center - half, to: center + half, .sign) { point in
      let u = (point - center) / half
      let edge = max(abs(u.x), abs(u.y)) > 0.9
      let row = u.y * 2
      let line = abs(row - row.rounded()) < 0.22 && abs(u.x) < 0.75
      let written = line && text.value(u.x * 9, row.rounded() * 7) > 0.45
      return (edge || written ? ink : color) * board.light.middle
    }
  }

  /// Paints a traffic light: a post and a head with three lamps, one of them lit.
  func paintTrafficLight(at prop: StreetProp, _ random: inout RandomStream) {
    guard isVisible(1, at: prop.z, pixels: 9) else { return }
    let board = billboard(s: prop.s, z: prop.z)
    let half = post(0.06, board)
    paint(
      board, limb: SIMD2(0, 0), SIMD2(0, 3.1), half, half, .pole,
      random.color(near: SIMD3(0.3, 0.31, 0.32), spread: 0.1))
    let center = SIMD2<Float>(0, 3)
    let box = SIMD2<Float>(0.27, 0.58)
    let border = random.chance(0.6) ? SIMD3<Float>(0.88, 0.88, 0.86) : SIMD3(0.06, 0.06, 0.06)
    paint(board, from: center - box, to: center + box, .sign) { point in
      let u = (point - center) / box
      let edge = max(abs(u.x), abs(u.y)) > 0.88
      return (edge ? border : SIMD3(0.05, 0.05, 0.05)) * board.light.middle
    }
    let lit = random.choice([0, 0, 1, 2, 2])
    let colors: [SIMD3<Float>] = [SIMD3(1.1, 0.12, 0.08), SIMD3(1.1, 0.65, 0.08), SIMD3(0.1, 1.1, 0.55)]
    for lamp in 0..<3 {
      let middle = center + SIMD2(0, 0.35 - Float(lamp) * 0.35)
      let radii = SIMD2<Float>(0.125, 0.125)
      let color = lamp == lit ? colors[lamp] : colors[lamp] * 0.12
      paint(board, from: middle - radii, to: middle + radii, .sign) { point in
        let u = (point - middle) / radii
        return u.x * u.x + u.y * u.y <= 1 ? color : nil
      }
    }
  }

  /// Paints a length of fence along the street; `style` is shared along a row.
  func paintFence(at prop: StreetProp, length: Float, style: UInt64, _ random: inout RandomStream) {
    var look = RandomStream(keys: style)
    let railing = look.chance(0.5)
    let height = railing ? look.between(0.95, 1.3) : look.between(1.0, 1.7)
    guard isVisible(height, at: prop.z, pixels: 9) else { return }
    let colors: [SIMD3<Float>] =
      railing
      ? [SIMD3(0.24, 0.25, 0.26), SIMD3(0.52, 0.54, 0.55), SIMD3(0.22, 0.32, 0.28)]
      : [SIMD3(0.44, 0.32, 0.20), SIMD3(0.36, 0.29, 0.22), SIMD3(0.78, 0.77, 0.72)]
    let color = look.color(near: look.choice(colors), spread: 0.05)
    let pitch = railing ? look.between(0.16, 0.24) : look.between(0.14, 0.2)
    let noise = ValueNoise(seed: UInt32(truncatingIfNeeded: style))
    let near = SIMD3(plan.x(s: prop.s, z: prop.z), 0, prop.z)
    let far = SIMD3(plan.x(s: prop.s, z: prop.z + length), 0, prop.z + length)
    let up = SIMD3<Float>(0, height, 0)
    let facet = SceneFacet([near, far, far + up, near + up], inside: near + SIMD3(prop.s < 0 ? -1 : 1, 0, 0))
    let sunlit = plan.sunlit(s: prop.s, y: height, z: prop.z, light)
    let normal = facet.faces(eye: camera.eye) ? facet.normal : -facet.normal
    let lit = light.falling(on: normal, sunlit: sunlit)
    let dark = color * 0.22
    paint(facet, .fence) { s, t, z in
      let column = s / pitch
      let gap = abs(column - column.rounded())
      let rail = abs(t - height * 0.12) < 0.04 || abs(t - height + 0.05) < 0.06
      let end = s < 0.09 || s > length - 0.09
      if railing { return (rail || end || gap < 0.2 ? color : dark) * lit }
      let plank = 0.8 + 0.4 * noise.lattice(Int32(column.rounded(.down)), Int32(prop.z))
      let grain = 0.9 + 0.2 * noise.value(s * 30, t * 2)
      return (gap < 0.11 && !rail ? color * 0.35 : color * (plank * grain)) * lit
    }
  }
}
