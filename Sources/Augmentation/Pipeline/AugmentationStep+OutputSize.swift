extension [AugmentationStep] {
  /// Width and height in pixels that all samples come out with, where the steps fix them.
  public var outputSize: (width: Int, height: Int)? {
    var size: (width: Int, height: Int)?
    for step in self {
      switch step.kind {
      case .crop(let width, let height), .resize(let width, let height),
        .resizedCrop(let width, let height, _, _, _, _):
        if step.probability >= 1 {
          size = (width, height)
        } else if size ?? (0, 0) != (width, height) {
          size = nil
        }
      case .scale: size = nil
      case .rotate90: if let found = size, found.width != found.height { size = nil }
      default: break
      }
    }
    return size
  }
}
