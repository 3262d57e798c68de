/// A flat polygon in space with axes of its own for texture.
struct SceneFacet {
  /// The corners, in order.
  let corners: [SIMD3<Float>]
  /// Where the facet's coordinates are zero: the first corner.
  let origin: SIMD3<Float>
  /// Unit vector from the first corner to the second.
  let across: SIMD3<Float>
  /// Unit vector in the facet at a right angle to `across`, toward the last corner.
  let up: SIMD3<Float>
  /// Unit normal, pointing away from `inside` or toward the camera.
  let normal: SIMD3<Float>

  /// A facet of a body that lies around `inside`.
  init(_ corners: [SIMD3<Float>], inside: SIMD3<Float>) {
    self.corners = corners
    origin = corners[0]
    across = normalized(corners[1] - corners[0])
    let side = corners[corners.count - 1] - corners[0]
    up = normalized(side - across * dot(side, across))
    let n = cross(across, up)
    normal = dot(n, corners[0] - inside) < 0 ? -n : n
  }

  /// Whether the outer face looks toward a camera at height `eye`.
  func faces(eye: Float) -> Bool { dot(normal, SIMD3(0, eye, 0) - origin) > 0 }
}

extension ScenePainter {
  /// Paints a facet; `shade` is given its coordinates in metres and the depth.
  func paint(_ facet: SceneFacet, _ label: StreetClass, _ shade: (Float, Float, Float) -> SIMD3<Float>) {
    let eye = SIMD3<Float>(0, camera.eye, 0)
    let offset = dot(facet.normal, facet.origin - eye)
    canvas.fill(camera.outline(facet.corners), label) { x, y in
      let slope = camera.ray(x, y)
      let ray = SIMD3(slope.x, slope.y, 1)
      let along = dot(facet.normal, ray)
      let z = along * along < 1e-12 ? 300 : max(SceneCamera.near, min(300, offset / along))
      let local = eye + ray * z - facet.origin
      return SIMD4(shade(dot(local, facet.across), dot(local, facet.up), z), z)
    }
  }

  /// Paints a facet with one colour.
  func paint(_ facet: SceneFacet, _ label: StreetClass, _ color: SIMD3<Float>) {
    let depth = max(SceneCamera.near, facet.origin.z)
    canvas.fill(camera.outline(facet.corners), label) { _, _ in SIMD4(color, depth) }
  }

  /// Darkens the ground inside a polygon on it to `factor`.
  func darkenGround(_ corners: [SIMD3<Float>], _ factor: SIMD3<Float>) {
    canvas.darken(camera.outline(corners)) { _, _ in SIMD4(factor, 1) }
  }
}
