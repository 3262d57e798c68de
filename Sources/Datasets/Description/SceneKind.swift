import Augmentation
import Images

/// The generators of synthetic scenes.
public enum SceneKind: String, Sendable, CaseIterable {
  /// Streets with CamVid's classes.
  case streets

  /// The sides that a scene may have, in pixels.
  public static let sides = 16...4096
  /// How many scenes a split or a folder may have.
  public static let counts = 1...100_000

  /// The classes in the order of their label indices.
  public var classes: [String] {
    switch self {
    case .streets: StreetScene.classes
    }
  }

  /// A colour for each class.
  public var colors: [Color] {
    switch self {
    case .streets: StreetScene.colors.map { Color(red: $0.0, green: $0.1, blue: $0.2) }
    }
  }

  /// Draws a scene; it depends on seed, index and size alone.
  func render(seed: UInt64, index: Int, size: PixelSize) -> (image: Raster, mask: Mask) {
    switch self {
    case .streets:
      StreetScene(seed: seed, index: index).render(width: size.width, height: size.height)
    }
  }
}
