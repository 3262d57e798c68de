/// A pinhole camera on the dashboard: at (0, `eye`, 0) in metres, looking along +z, x to the right,
/// y up.
///
/// Yaw and pitch are shifts of the vanishing point, as with a shift lens: verticals stay upright up to
/// the roll. Screen positions are pixels with (0, 0) at the top left corner and pixel centres at halves.
struct SceneCamera: Sendable {
  /// Height over the road, metres.
  let eye: Float
  /// Focal length, pixels.
  let focal: Float
  /// Where the line of sight meets the screen before the roll.
  let vanishing: SIMD2<Float>
  /// The screen's centre, about which the picture rolls.
  let pivot: SIMD2<Float>
  /// Cosine and sine of the roll.
  let roll: SIMD2<Float>

  /// The nearest depth that is drawn, metres.
  static let near: Float = 0.4

  /// The screen position of a world point in front of the camera.
  func project(_ point: SIMD3<Float>) -> SIMD2<Float> {
    let scale = focal / point.z
    let x = vanishing.x + point.x * scale - pivot.x
    let y = vanishing.y - (point.y - eye) * scale - pivot.y
    return SIMD2(pivot.x + roll.x * x - roll.y * y, pivot.y + roll.y * x + roll.x * y)
  }

  /// The slopes (right, up) per metre of depth of the line of sight through a screen position.
  func ray(_ x: Float, _ y: Float) -> SIMD2<Float> {
    let dx = x - pivot.x
    let dy = y - pivot.y
    let u = pivot.x + roll.x * dx + roll.y * dy
    let v = pivot.y - roll.y * dx + roll.x * dy
    return SIMD2((u - vanishing.x) / focal, (vanishing.y - v) / focal)
  }

  /// The screen outline of a polygon in space, cut at the near plane; fewer than 3 points if nothing is left.
  func outline(_ corners: [SIMD3<Float>]) -> [SIMD2<Float>] {
    var points: [SIMD2<Float>] = []
    points.reserveCapacity(corners.count + 2)
    guard var last = corners.last else { return [] }
    for corner in corners {
      if (last.z < Self.near) != (corner.z < Self.near) {
        let t = (Self.near - last.z) / (corner.z - last.z)
        var cut = last + (corner - last) * t
        cut.z = Self.near
        points.append(project(cut))
      }
      if corner.z >= Self.near { points.append(project(corner)) }
      last = corner
    }
    return points
  }
}
