extension ScenePainter {
  /// Fills the canvas with sky: a gradient, clouds in perspective, and the sun's glow.
  func paintSky() {
    let sun = light.sun
    let glow = sun.z > 0 ? light.direct.x : 0
    canvas.paint { x, y in
      let ray = camera.ray(x, y)
      let rise = max(0, ray.y)
      var color = mix(light.horizon, light.zenith, unit(rise * 1.9 + 0.02))
      let reach = 1 / (rise + 0.12)
      let cloud = noise.fractal(ray.x * reach * 1.4 + 31, reach * 1.1, octaves: 4)
      let cover = step(0.78 - 0.5 * light.cloudiness, 0.95 - 0.45 * light.cloudiness, cloud)
      let shade = noise.fractal(ray.x * reach * 2.3, reach * 1.8 + 50, octaves: 3)
      color = mix(color, light.horizon * (0.82 + 0.24 * shade), cover * 0.85)
      if glow > 0 {
        let dx = ray.x - sun.x / sun.z
        let dy = ray.y - sun.y / sun.z
        color += light.direct * (0.5 / (1 + 14 * (dx * dx + dy * dy)))
      }
      return (SIMD4(color, 0), .sky)
    }
  }

  /// Paints the far end of everything: a line of trees and roofs along the horizon.
  func paintBackdrop() {
    let wall = mix(SIMD3(0.55, 0.48, 0.42), light.horizon, 0.35)
    let leaves = SIMD3<Float>(0.22, 0.27, 0.15)
    let depth: Float = 190
    let lit = light.ambient + light.direct * 0.3
    let size = SIMD2(Float(canvas.width), Float(canvas.height))
    for kind in [StreetClass.building, .tree] {
      canvas.paint(from: .zero, to: size, kind) { x, y in
        let ray = camera.ray(x, y)
        guard ray.y > -0.02, ray.y < 0.1 else { return nil }
        if kind == .building {
          let block = noise.lattice(Int32((ray.x * 22).rounded(.down)), 9)
          guard block > 0.35, ray.y < 0.02 + 0.04 * block else { return nil }
          let row = ray.y * 110
          let window = row - row.rounded(.down) > 0.5 && noise.value(ray.x * 160, 5) > 0.5
          return SIMD4(wall * lit * ((window ? 0.75 : 0.95) + 0.2 * (block - 0.6)), depth)
        }
        let crown = 0.012 + 0.045 * noise.fractal(ray.x * 14 + 7, 2, octaves: 2)
        let top = crown + 0.014 * (noise.fractal(ray.x * 90, ray.y * 90, octaves: 2) - 0.5)
        guard ray.y < top else { return nil }
        let leaf = 0.6 + 0.8 * noise.fractal(ray.x * 150, ray.y * 150, octaves: 2)
        return SIMD4(leaves * lit * leaf, depth * 0.7)
      }
    }
  }
}
