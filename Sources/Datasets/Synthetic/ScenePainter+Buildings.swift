extension ScenePainter {
  /// Paints a house: roof, the wall at its near end, front, chimney.
  func paint(_ building: Building) {
    let out = SIMD3<Float>(building.sign * building.depth, 0, 0)
    let up = SIMD3<Float>(0, building.height, 0)
    let a = building.near
    let b = building.far
    let inside = (a + b) / 2 + out / 2 + up / 2
    let ridge = up + out / 2 + SIMD3(0, building.roof, 0)
    if building.roof > 0 {
      paintChimney(building, at: (a + b) / 2 + ridge)
      paintRoof(building, [a + up, b + up, b + ridge, a + ridge], inside: inside)
    }
    let gable =
      building.roof > 0 ? [a, a + out, a + out + up, a + ridge, a + up] : [a, a + out, a + out + up, a + up]
    paintWall(building, SceneFacet(gable, inside: inside))
    paintFront(building, SceneFacet([a, b, b + up, a + up], inside: inside))
  }

  private func paintRoof(_ building: Building, _ corners: [SIMD3<Float>], inside: SIMD3<Float>) {
    let facet = SceneFacet(corners, inside: inside)
    guard facet.faces(eye: camera.eye) else { return }
    let lit = light.falling(on: facet.normal, sunlit: 1)
    paint(facet, .building) { s, t, z in
      let row = (t / 0.3).rounded(.down)
      let tile = building.noise.lattice(Int32(row), Int32((s / 0.35).rounded(.down)))
      let detail = 0.25 / (1 + z * 0.03)
      let stain = 0.85 + 0.3 * building.noise.fractal(s * 0.5, t * 0.5, octaves: 2)
      return building.tiles * lit * (stain * (1 + detail * (tile - 0.5)))
    }
  }

  private func paintChimney(_ building: Building, at top: SIMD3<Float>) {
    guard building.noise.lattice(3, 3) < 0.6, isVisible(1.2, at: top.z, pixels: 4) else { return }
    let low = top - SIMD3(0.5, 0.3, 0)
    let corners = [low, low + SIMD3(1, 0, 0), low + SIMD3(1, 1.4, 0), low + SIMD3(0, 1.4, 0)]
    let facet = SceneFacet(corners, inside: low + SIMD3(0, 0, 1))
    paint(facet, .building, building.wall * light.falling(on: facet.normal, sunlit: 1) * 0.9)
  }

  private func paintWall(_ building: Building, _ facet: SceneFacet) {
    guard facet.faces(eye: camera.eye) else { return }
    let lit = light.falling(on: facet.normal, sunlit: 1)
    paint(facet, .building) { s, t, _ in
      let stain = 0.8 + 0.3 * building.noise.fractal(s * 0.5 + 40, t * 0.5, octaves: 3)
      let window = abs(s - building.depth * 0.4) < 0.5 && abs(t / building.storey - 1.5) < 0.25
      return (window ? SIMD3(0.16, 0.18, 0.21) : building.wall * stain) * lit
    }
  }

  private func paintFront(_ building: Building, _ facet: SceneFacet) {
    guard facet.faces(eye: camera.eye) else { return }
    let shaded = light.falling(on: facet.normal, sunlit: 0)
    let sunny = light.falling(on: facet.normal, sunlit: 1)
    let facesSun = dot(facet.normal, light.sun) > 0
    let sky = mix(light.horizon, light.zenith, 0.5)
    let line = building.near.x - plan.bend * building.near.z * building.near.z
    paint(facet, .building) { s, t, z in
      let lit = facesSun && plan.sunlit(s: line * 0.99, y: t, z: z, light) > 0
      return building.front(s, t, z: z, sky: sky) * (lit ? sunny : shaded)
    }
  }
}
