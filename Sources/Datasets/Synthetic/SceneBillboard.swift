/// An upright plane that faces the camera, for round and articulated things.
///
/// Its coordinates are metres to the right of and above the point where the thing stands.
struct SceneBillboard {
  /// Where it stands.
  let base: SIMD3<Float>
  /// The light on it: left edge, middle and right edge of a round body.
  let light: (left: SIMD3<Float>, middle: SIMD3<Float>, right: SIMD3<Float>)
  /// Metres of a pixel.
  let pixel: Float
}

extension ScenePainter {
  /// The billboard of a thing that stands at lateral position `s` and depth `z`.
  func billboard(s: Float, z: Float) -> SceneBillboard {
    let sunlit = plan.sunlit(s: s, y: 1, z: z, light)
    return SceneBillboard(
      base: SIMD3(plan.x(s: s, z: z), 0, z),
      light: (
        light.falling(on: SIMD3(-0.8, 0, -0.6), sunlit: sunlit),
        light.falling(on: SIMD3(0, 0.1, -1), sunlit: sunlit),
        light.falling(on: SIMD3(0.8, 0, -0.6), sunlit: sunlit)
      ),
      pixel: z / camera.focal)
  }

  /// Paints a polygon in a billboard's coordinates.
  func paint(
    _ board: SceneBillboard, polygon: [SIMD2<Float>], _ label: StreetClass, _ color: SIMD3<Float>
  ) {
    let points = polygon.map { camera.project(board.base + SIMD3($0.x, $0.y, 0)) }
    let value = SIMD4(color * board.light.middle, board.base.z)
    canvas.fill(points, label) { _, _ in value }
  }

  /// Paints a tapered limb with round ends from `a` to `b` of radii `ra` and `rb`, lit like a cylinder.
  func paint(
    _ board: SceneBillboard, limb a: SIMD2<Float>, _ b: SIMD2<Float>, _ ra: Float, _ rb: Float,
    _ label: StreetClass, _ color: SIMD3<Float>, squash: Float = 1
  ) {
    let axis = b - a
    let length = max(1e-6, axis.x * axis.x + axis.y * axis.y)
    let reach = max(ra, rb)
    let low = SIMD2(min(a.x, b.x) - reach, min(a.y, b.y) - reach)
    let high = SIMD2(max(a.x, b.x) + reach, max(a.y, b.y) + reach)
    paint(board, from: low, to: high, label) { point in
      let offset = point - a
      let t = unit((offset.x * axis.x + offset.y * axis.y) / length)
      let away = offset - axis * t
      let radius = mix(ra, rb, t)
      guard away.x * away.x + away.y * away.y * squash <= radius * radius else { return nil }
      let side = away.x / max(radius, 1e-6)
      let edge = side < 0 ? board.light.left : board.light.right
      return color * mix(board.light.middle, edge, side * side)
    }
  }

  /// Paints an ellipse, lit like a ball.
  func paint(
    _ board: SceneBillboard, ellipse center: SIMD2<Float>, _ radii: SIMD2<Float>,
    _ label: StreetClass, _ color: SIMD3<Float>
  ) {
    paint(board, from: center - radii, to: center + radii, label) { point in
      let offset = (point - center) / radii
      guard offset.x * offset.x + offset.y * offset.y <= 1 else { return nil }
      let edge = offset.x < 0 ? board.light.left : board.light.right
      return color * mix(board.light.middle, edge, offset.x * offset.x)
    }
  }

  /// Paints the points of a box in a billboard's coordinates where `shade` gives a colour.
  func paint(
    _ board: SceneBillboard, from low: SIMD2<Float>, to high: SIMD2<Float>, _ label: StreetClass,
    _ shade: (SIMD2<Float>) -> SIMD3<Float>?
  ) {
    var first = SIMD2<Float>(repeating: .infinity)
    var last = -first
    for corner in [low, SIMD2(low.x, high.y), SIMD2(high.x, low.y), high] {
      let point = camera.project(board.base + SIMD3(corner.x, corner.y, 0))
      first = pointwiseMin(first, point)
      last = pointwiseMax(last, point)
    }
    let z = board.base.z
    canvas.paint(from: first, to: last, label) { x, y in
      let slope = camera.ray(x, y)
      let point = SIMD2(slope.x * z - board.base.x, camera.eye + slope.y * z)
      guard let color = shade(point) else { return nil }
      return SIMD4(color, z)
    }
  }
}
