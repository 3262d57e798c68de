import Images
import TensorCore

/// A street scene drawn by chance, with an exact mask of CamVid's eleven classes.
///
/// The scene is seen from a car: sky, rows of houses, a road with markings between pavements, trees, fences,
/// lamps, signs, cars, pedestrians and bicyclists in true perspective, under light, weather and a camera that
/// vary. It depends on seed and index alone: the same bytes on every platform.
public struct StreetScene: Sendable {
  /// The class names; the position of a name is its label index.
  public static let classes: [String] = StreetClass.allCases.map(\.name)
  /// The colours of the classes (red, green, blue), as CamVid's masks are usually shown.
  public static let colors: [(UInt8, UInt8, UInt8)] = StreetClass.allCases.map(\.color)
  /// The sizes, in pixels, that a scene can be drawn at.
  public static let sizes = 1...4096

  /// The seed of a set of scenes.
  public let seed: UInt64
  /// The scene's place in its set.
  public let index: Int

  /// The scene number `index` of the set that `seed` names.
  public init(seed: UInt64, index: Int) {
    self.seed = seed
    self.index = index
  }

  /// Draws the scene: an RGB picture of 8-bit samples, and the label of each pixel.
  ///
  /// A larger size shows the same scene in more detail. Objects that would be less than some 8 pixels tall
  /// are left out. The mask says what covers each pixel's centre; blur and noise touch the picture alone.
  ///
  /// - Parameters:
  ///   - width: Width in pixels, within `sizes`.
  ///   - height: Height in pixels, within `sizes`.
  public func render(width: Int, height: Int) -> (image: Raster, mask: Mask) {
    render(width: width, height: height, stage: .finished)
  }

  /// How far a scene is drawn.
  package enum Stage: Sendable {
    /// The sky behind everything.
    case sky
    /// Everything, before camera and air change the colours.
    case painted
    /// All of it.
    case finished
  }

  /// Draws the scene up to a stage.
  package func render(width: Int, height: Int, stage: Stage) -> (image: Raster, mask: Mask) {
    precondition(Self.sizes.contains(width) && Self.sizes.contains(height), "size outside StreetScene.sizes")
    var random = RandomStream(keys: seed, UInt64(bitPattern: Int64(index)))
    let light = SceneLight(&random)
    let plan = StreetPlan(&random)
    let camera = camera(&random, width: Float(width), height: Float(height))
    let noise = ValueNoise(seed: UInt32(truncatingIfNeeded: random.next()))
    let finish = stage == .finished ? SceneFinish(&random, light: light) : SceneFinish(plain: ())
    let canvas = SceneCanvas(width: width, height: height)
    let painter = ScenePainter(canvas: canvas, camera: camera, plan: plan, light: light, noise: noise)
    if stage == .sky { painter.paintSky() } else { painter.paint() }
    let labels = Array(UnsafeBufferPointer(start: canvas.labels, count: width * height))
    return (finish.develop(canvas), Mask(width: width, height: height, labels: labels))
  }

  private func camera(_ random: inout RandomStream, width: Float, height: Float) -> SceneCamera {
    let scale = (width + height * 4 / 3) / 2
    let focal = random.between(0.82, 1.1) * scale
    let vanishing = SIMD2(
      width / 2 + random.between(-0.13, 0.13) * scale, height * random.between(0.42, 0.54))
    let half = random.between(-0.012, 0.012)
    let whole = 1 + half * half
    return SceneCamera(
      eye: random.between(1.2, 1.8), focal: focal, vanishing: vanishing,
      pivot: SIMD2(width / 2, height / 2), roll: SIMD2((1 - half * half) / whole, 2 * half / whole))
  }
}
