extension ScenePainter {
  /// Paints the ground below the horizon: road, kerbs, pavement and what lies behind it.
  func paintGround() {
    let surface = GroundSurface(plan: plan, noise: noise)
    let shaded = light.falling(on: SIMD3(0, 1, 0), sunlit: 0)
    let sunny = light.falling(on: SIMD3(0, 1, 0), sunlit: 1)
    canvas.paint { x, y in
      let ray = camera.ray(x, y)
      guard ray.y < -0.004 else { return nil }
      let z = camera.eye / -ray.y
      let s = ray.x * z - plan.bend * z * z
      let kind = surface.kind(s: s, z: z)
      let lit = plan.sunlit(s: s, y: 0, z: z, light) > 0 ? sunny : shaded
      return (SIMD4(surface.color(kind, s: s, z: z, pixel: z / camera.focal) * lit, z), kind)
    }
  }

  /// Darkens the ground where a thing keeps the sun off, and right under it.
  func castShadow(of prop: StreetProp) {
    let strength = light.direct.x
    let base = SIMD3(plan.x(s: prop.s, z: prop.z), 0, prop.z)
    let fall = SIMD3(-light.sun.x / light.sun.y, 0, -light.sun.z / light.sun.y)
    let dark = SIMD3<Float>(0.62, 0.63, 0.68)
    let sunlit = strength > 0 && plan.sunlit(s: prop.s, y: 0.3, z: prop.z, light) > 0
    switch prop.kind {
    case .car(let shape, let heading):
      let body = CarBody(shape: shape, base: base, heading: heading)
      darkenGround(body.footprint(grow: 0.1), SIMD3(repeating: 0.42))
      if sunlit { darkenGround(body.shadow(fall: fall), dark) }
    case .lamp(let height) where sunlit: strip(base, base + fall * height, 0.09, dark)
    case .pedestrian where sunlit: strip(base, base + fall * 1.6, 0.2, dark)
    case .bicyclist where sunlit: strip(base, base + fall * 1.6, 0.3, dark)
    case .sign where sunlit: strip(base, base + fall * 2.6, 0.08, dark)
    case .tree(let height) where sunlit: shadeTree(base + fall * (height * 0.65), height * 0.36)
    case .tree, .hedge: shadeTree(base, 0.6)
    default: break
    }
  }

  private func strip(_ a: SIMD3<Float>, _ b: SIMD3<Float>, _ half: Float, _ factor: SIMD3<Float>) {
    let along = normalized(b - a)
    let side = SIMD3(-along.z, 0, along.x) * half
    darkenGround([a - side, b - side, b + side, a + side], factor)
  }

  /// The mottled shade of a crown of the given radius.
  private func shadeTree(_ center: SIMD3<Float>, _ radius: Float) {
    let low = center - SIMD3(radius, 0, radius)
    let high = center + SIMD3(radius, 0, radius)
    let corners = [low, SIMD3(high.x, 0, low.z), high, SIMD3(low.x, 0, high.z)]
    canvas.darken(camera.outline(corners)) { x, y in
      let ray = camera.ray(x, y)
      guard ray.y < -0.004 else { return SIMD4(repeating: 1) }
      let z = camera.eye / -ray.y
      let point = SIMD2(ray.x * z - center.x, z - center.z)
      let distance = (point.x * point.x + point.y * point.y) / (radius * radius)
      let leaf = noise.fractal(ray.x * z * 1.6, z * 1.6, octaves: 2)
      let cover = step(0.1, 0.35, 1 - distance + (leaf - 0.5) * 1.3)
      return SIMD4(mix(SIMD3(repeating: 1), SIMD3(0.62, 0.64, 0.68), cover), 1)
    }
  }
}
