extension AugmentationStep {
  /// Throws for a parameter outside of its range, naming it.
  public func validate() throws(AugmentationError) {
    try check("probability", Double(probability), 0, 1)
    switch kind {
    case .scale(let min, let max):
      try check(min: min, max: max, 0.05, 8)
    case .resize(let width, let height), .crop(let width, let height):
      try check(width: width, height: height)
    case .resizedCrop(let width, let height, let min, let max, let minRatio, let maxRatio):
      try check(width: width, height: height)
      try check(min: min, max: max, 0.01, 1)
      try check("min_ratio", minRatio, 0.1, 10)
      try check("max_ratio", maxRatio, 0.1, 10)
      if minRatio > maxRatio { throw .emptyRange(key: name, min: minRatio, max: maxRatio) }
    case .flip, .rotate90, .gray, .sobel:
      break
    case .rotate(let degrees):
      try check("degrees", degrees, 0, 180)
    case .affine(let degrees, let min, let max, let shear, let translate):
      try check("degrees", degrees, 0, 180)
      try check(min: min, max: max, 0.1, 10)
      try check("shear", shear, 0, 45)
      try check("translate", translate, 0, 1)
    case .elastic(let deviation, let grid):
      try check("deviation", deviation, 0, 200)
      try check("grid", Double(grid), 2, 64)
    case .color(let brightness, let contrast, let saturation, let hue):
      try check("brightness", brightness, 0, 1)
      try check("contrast", contrast, 0, 1)
      try check("saturation", saturation, 0, 1)
      try check("hue", hue, 0, 0.5)
    case .gamma(let min, let max):
      try check(min: min, max: max, 0.1, 10)
    case .lighting(let deviation):
      try check("deviation", deviation, 0, 2)
    case .noise(let deviation):
      try check("deviation", deviation, 0, 128)
    case .saltAndPepper(let amount):
      try check("amount", amount, 0, 1)
    case .blur(let deviation):
      try check("deviation", deviation, 0, 20)
    case .cutout(let size):
      try check("size", Double(size), 1, 8192)
    case .coarseDropout(let count, let min, let max):
      try check("count", Double(count), 1, 10_000)
      try check(min: Double(min), max: Double(max), 1, 8192)
    case .jpeg(let min, let max):
      try check(min: Double(min), max: Double(max), 1, 100)
    case .cutMix(let min, let max):
      try check(min: min, max: max, 0, 1)
    case .mixUp(let alpha):
      try check("alpha", alpha, 0.05, 4)
    }
  }

  private func check(width: Int, height: Int) throws(AugmentationError) {
    try check("width", Double(width), 1, 8192)
    try check("height", Double(height), 1, 8192)
  }

  private func check(
    min: Double, max: Double, _ lower: Double, _ upper: Double
  ) throws(AugmentationError) {
    try check("min", min, lower, upper)
    try check("max", max, lower, upper)
    if min > max { throw .emptyRange(key: name, min: min, max: max) }
  }

  /// A comparison that is false for NaN.
  private func check(
    _ key: String, _ value: Double, _ lower: Double, _ upper: Double
  ) throws(AugmentationError) {
    guard value >= lower && value <= upper else {
      throw .outOfRange(key: "\(name).\(key)", lower: lower, upper: upper, found: value)
    }
  }
}
