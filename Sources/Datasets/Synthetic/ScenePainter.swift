import TensorCore

/// Draws a street plan on a canvas; each kind of thing has an extension of its own.
struct ScenePainter {
  /// What is painted on.
  let canvas: SceneCanvas
  /// Where it is seen from.
  let camera: SceneCamera
  /// What stands where.
  let plan: StreetPlan
  /// The light.
  let light: SceneLight
  /// The texture of the ground and the sky.
  let noise: ValueNoise

  /// Paints everything from the sky to the nearest thing.
  func paint() {
    paintSky()
    paintBackdrop()
    paintGround()
    for prop in plan.props { castShadow(of: prop) }
    for building in plan.buildings { paint(building) }
    for prop in plan.props { paint(prop) }
  }

  /// Whether a thing of `size` metres at depth `z` is tall enough to be seen as what it is.
  func isVisible(_ size: Float, at z: Float, pixels: Float = 8) -> Bool {
    z > 1.5 && size * camera.focal / z >= pixels
  }

  private func paint(_ prop: StreetProp) {
    var random = RandomStream(keys: prop.seed)
    switch prop.kind {
    case .tree(let height): paintTree(at: prop, height: height, &random)
    case .hedge(let length, let height): paintHedge(at: prop, length: length, height: height, &random)
    case .fence(let length, let style): paintFence(at: prop, length: length, style: style, &random)
    case .lamp(let height): paintLamp(at: prop, height: height, &random)
    case .bollard: paintBollard(at: prop, &random)
    case .sign: paintSign(at: prop, &random)
    case .trafficLight: paintTrafficLight(at: prop, &random)
    case .car(let shape, let heading): paintCar(at: prop, shape: shape, heading: heading)
    case .pedestrian: paintPedestrian(at: prop, &random)
    case .bicyclist: paintBicyclist(at: prop, &random)
    }
  }
}
