extension ScenePainter {
  /// Paints a car: underside, body, wheels, cabin with windows, lights and plates.
  func paintCar(at prop: StreetProp, shape: CarShape, heading: SIMD2<Float>) {
    guard isVisible(shape.height, at: prop.z, pixels: 9) else { return }
    let body = CarBody(shape: shape, base: SIMD3(plan.x(s: prop.s, z: prop.z), 0, prop.z), heading: heading)
    let sunlit = plan.sunlit(s: prop.s, y: 1, z: prop.z, light)
    let x = shape.width / 2
    let z = shape.length / 2
    paintUnderside(body)
    paintPanels(body, lowerBody(body), sunlit)
    for side in [-x, x] { paintWheels(body, side) }
    paintEnd(body, at: -z, front: false)
    paintEnd(body, at: z, front: true)
    paintPanels(body, cabin(body), sunlit)
    paintWindows(body, sunlit)
  }

  private func lowerBody(_ body: CarBody) -> [[SIMD3<Float>]] {
    let shape = body.shape
    let x = shape.width / 2
    let z = shape.length / 2
    let low: Float = 0.24
    let boot = shape.belt * 0.96
    let hood = shape.cabin.y
    var faces: [[SIMD3<Float>]] = []
    for side in [-x, x] {
      faces.append([
        body.world(side, low, -z), body.world(side, low, z), body.world(side, shape.nose, z),
        body.world(side, shape.belt, hood), body.world(side, shape.belt, shape.cabin.x),
        body.world(side, boot, -z),
      ])
    }
    func across(_ y0: Float, _ z0: Float, _ y1: Float, _ z1: Float) {
      faces.append([
        body.world(-x, y0, z0), body.world(x, y0, z0), body.world(x, y1, z1), body.world(-x, y1, z1),
      ])
    }
    across(shape.belt, shape.cabin.x, boot, -z)
    across(shape.nose, z, shape.belt, hood)
    across(low, -z, boot, -z)
    across(low, z, shape.nose, z)
    return faces
  }

  private func cabin(_ body: CarBody) -> [[SIMD3<Float>]] {
    let shape = body.shape
    let x = shape.width / 2
    let top = x * shape.taper
    let c = shape.cabin
    return [
      [
        body.world(-x, shape.belt, c.x), body.world(x, shape.belt, c.x), body.world(top, shape.height, c.z),
        body.world(-top, shape.height, c.z),
      ],
      [
        body.world(-x, shape.belt, c.y), body.world(x, shape.belt, c.y), body.world(top, shape.height, c.w),
        body.world(-top, shape.height, c.w),
      ],
      [
        body.world(-x, shape.belt, c.x), body.world(-x, shape.belt, c.y), body.world(-top, shape.height, c.w),
        body.world(-top, shape.height, c.z),
      ],
      [
        body.world(x, shape.belt, c.x), body.world(x, shape.belt, c.y), body.world(top, shape.height, c.w),
        body.world(top, shape.height, c.z),
      ],
      [
        body.world(-top, shape.height, c.z), body.world(top, shape.height, c.z),
        body.world(top, shape.height, c.w), body.world(-top, shape.height, c.w),
      ],
    ]
  }

  private func center(_ body: CarBody) -> SIMD3<Float> { body.base + SIMD3(0, body.shape.belt * 0.75, 0) }

  /// The dark underside with the tyres' tread that is seen from behind or before.
  private func paintUnderside(_ body: CarBody) {
    let x = body.shape.width / 2 - 0.06
    let z = body.shape.length / 2 - 0.35
    for end in [-z, z] {
      let corners = [
        body.world(-x, 0.13, end), body.world(x, 0.13, end), body.world(x, 0.4, end),
        body.world(-x, 0.4, end),
      ]
      paint(SceneFacet(corners, inside: center(body)), .car, light.ambient * 0.045)
      for side in [-x, x - 0.2] {
        let tyre = [
          body.world(side, 0, end), body.world(side + 0.2, 0, end), body.world(side + 0.2, 0.4, end),
          body.world(side, 0.4, end),
        ]
        paint(SceneFacet(tyre, inside: center(body)), .car, light.ambient * 0.06)
      }
    }
  }

  private func paintPanels(_ body: CarBody, _ faces: [[SIMD3<Float>]], _ sunlit: Float) {
    let middle = center(body)
    for corners in faces {
      let facet = SceneFacet(corners, inside: middle)
      guard facet.faces(eye: camera.eye) else { continue }
      let lit = light.falling(on: facet.normal, sunlit: sunlit)
      let gloss = light.horizon * (0.05 + 0.22 * max(0, facet.normal.y))
      let eye = camera.eye
      canvas.fill(camera.outline(corners), .car) { x, y in
        let rise = unit((eye + camera.ray(x, y).y * body.base.z) / 1.4)
        return SIMD4(body.shape.paint * lit * (0.68 + 0.42 * rise) + gloss, body.base.z)
      }
    }
  }

  /// A regular 16-gon of radius 1.
  private static let circle: [SIMD2<Float>] = {
    let quarter: [SIMD2<Float>] = [
      SIMD2(1, 0), SIMD2(0.92388, 0.382683), SIMD2(0.707107, 0.707107), SIMD2(0.382683, 0.92388),
    ]
    let half = quarter + quarter.map { SIMD2(-$0.y, $0.x) }
    return half + half.map { SIMD2(-$0.x, -$0.y) }
  }()

  private func paintWheels(_ body: CarBody, _ side: Float) {
    let shape = body.shape
    let outer = side * 1.01
    for z in [-shape.length * 0.31, shape.length * 0.33] {
      func disc(_ radius: Float) -> [SIMD3<Float>] {
        Self.circle.map { body.world(outer, shape.wheel + $0.y * radius, z + $0.x * radius) }
      }
      guard SceneFacet(disc(shape.wheel), inside: center(body)).faces(eye: camera.eye) else { continue }
      let shades: [(Float, Float)] = [(1.16, 0.05), (1, 0.09), (0.62, 0.5), (0.2, 0.25)]
      for (radius, tone) in shades {
        let color = light.ambient * tone
        canvas.fill(camera.outline(disc(shape.wheel * radius)), .car) { _, _ in SIMD4(color, body.base.z) }
      }
    }
  }

  /// Lights, plate, and grille or bumper of one end.
  private func paintEnd(_ body: CarBody, at z: Float, front: Bool) {
    let shape = body.shape
    let x = shape.width / 2
    let top = front ? shape.nose : shape.belt * 0.96
    let outside = z * 1.004
    func patch(_ x0: Float, _ x1: Float, _ y0: Float, _ y1: Float, _ color: SIMD3<Float>) {
      let corners = [
        body.world(x0, y0, outside), body.world(x1, y0, outside), body.world(x1, y1, outside),
        body.world(x0, y1, outside),
      ]
      let facet = SceneFacet(corners, inside: center(body))
      if facet.faces(eye: camera.eye) { paint(facet, .car, color * (light.ambient + light.direct * 0.2)) }
    }
    patch(-x * 0.97, x * 0.97, 0.26, 0.4, SIMD3(repeating: 0.12))
    if front {
      patch(-x * 0.5, x * 0.5, top - 0.24, top - 0.08, SIMD3(repeating: 0.08))
      patch(-0.26, 0.26, 0.4, 0.5, SIMD3(0.9, 0.9, 0.88))
      for side in [-x * 0.95, x * 0.55] {
        patch(side, side + x * 0.4, top - 0.22, top - 0.05, SIMD3(0.95, 0.95, 0.9))
      }
    } else {
      patch(-0.26, 0.26, 0.5, 0.61, SIMD3(0.88, 0.74, 0.2))
      for side in [-x * 0.96, x * 0.7] {
        patch(side, side + x * 0.26, top - 0.3, top - 0.04, SIMD3(0.62, 0.05, 0.04))
      }
    }
  }

  /// Panes inset in the cabin's faces, with pillars between the side windows.
  private func paintWindows(_ body: CarBody, _ sunlit: Float) {
    let faces = cabin(body).dropLast()
    let middle = center(body)
    let sky = mix(light.horizon, light.zenith, 0.4)
    for (index, corners) in faces.enumerated() {
      let facet = SceneFacet(corners, inside: middle)
      guard facet.faces(eye: camera.eye) else { continue }
      func at(_ u: Float, _ v: Float) -> SIMD3<Float> {
        let low = corners[0] + (corners[1] - corners[0]) * u
        let high = corners[3] + (corners[2] - corners[3]) * u
        return low + (high - low) * v
      }
      let sides = index >= 2
      if index == 0 && body.shape.closed { continue }
      let panes: [(Float, Float)] =
        !sides
        ? [(0.06, 0.94)] : body.shape.closed ? [(0.72, 0.95)] : [(0.07, 0.33), (0.36, 0.63), (0.66, 0.94)]
      for (low, high) in panes {
        let pane = SceneFacet([at(low, 0.08), at(high, 0.08), at(high, 0.88), at(low, 0.88)], inside: middle)
        let mirror = 0.14 + 0.3 * max(0, facet.normal.y)
        paint(pane, .car) { _, t, _ in
          mix(SIMD3(0.05, 0.06, 0.07), sky * 0.8, mirror + 0.14 * t)
        }
      }
    }
  }
}
