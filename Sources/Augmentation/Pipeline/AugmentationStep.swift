/// One entry of a recipe's list of augmentations: which transform, with what parameters, how often.
public struct AugmentationStep: Sendable, Equatable {
  /// The transforms that a recipe can name.
  public enum Kind: Sendable, Equatable {
    /// Both sides scaled by one factor drawn from `min…max`.
    case scale(min: Double, max: Double)
    /// Both sides brought to a fixed size, in pixels.
    case resize(width: Int, height: Int)
    /// A window of a fixed size in pixels at a random place.
    case crop(width: Int, height: Int)
    /// A window of a random share `min…max` of the area at a random place, brought to a fixed size in pixels.
    case resizedCrop(width: Int, height: Int, min: Double, max: Double)
    /// Mirrored along one axis.
    case flip(Flip.Axis)
    /// Turned by 0, 90, 180 or 270 degrees.
    case rotate90
    /// Brightness, contrast and saturation each multiplied by a factor drawn from `1 ± amount`.
    case color(brightness: Double, contrast: Double, saturation: Double)
    /// Samples raised to an exponent drawn from `min…max`.
    case gamma(min: Double, max: Double)
    /// Gaussian noise of a standard deviation in 8-bit steps.
    case noise(deviation: Double)
    /// A Gaussian blur of a standard deviation in pixels drawn from `0…deviation`.
    case blur(deviation: Double)
  }

  /// Which transform, with what parameters.
  public var kind: Kind
  /// The share of samples that it is applied to, 0…1.
  public var probability: Float

  /// An entry; without a probability a mirror is applied to every second sample, anything else to all.
  public init(_ kind: Kind, probability: Float? = nil) {
    self.kind = kind
    if case .flip = kind {
      self.probability = probability ?? 0.5
    } else {
      self.probability = probability ?? 1
    }
  }

  /// The name of the entry in a recipe.
  public var name: String {
    switch kind {
    case .scale: "scale"
    case .resize: "resize"
    case .crop: "crop"
    case .resizedCrop: "resized_crop"
    case .flip: "flip"
    case .rotate90: "rotate90"
    case .color: "color"
    case .gamma: "gamma"
    case .noise: "noise"
    case .blur: "blur"
    }
  }

  /// Throws for a parameter outside of its range, naming it.
  public func validate() throws(AugmentationError) {
    try check("probability", Double(probability), 0, 1)
    switch kind {
    case .scale(let min, let max):
      try check(min: min, max: max, 0.05, 8)
    case .resize(let width, let height), .crop(let width, let height):
      try check(width: width, height: height)
    case .resizedCrop(let width, let height, let min, let max):
      try check(width: width, height: height)
      try check(min: min, max: max, 0.01, 1)
    case .flip, .rotate90:
      break
    case .color(let brightness, let contrast, let saturation):
      try check("brightness", brightness, 0, 1)
      try check("contrast", contrast, 0, 1)
      try check("saturation", saturation, 0, 1)
    case .gamma(let min, let max):
      try check(min: min, max: max, 0.1, 10)
    case .noise(let deviation):
      try check("deviation", deviation, 0, 128)
    case .blur(let deviation):
      try check("deviation", deviation, 0, 20)
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

  /// The transform with these parameters, which `validate` has accepted.
  var transform: any Transform {
    switch kind {
    case .scale(let min, let max): RandomScale(Float(min)...Float(max))
    case .resize(let width, let height): Resize(width: width, height: height)
    case .crop(let width, let height): RandomCrop(width: width, height: height)
    case .resizedCrop(let width, let height, let min, let max):
      RandomResizedCrop(width: width, height: height, area: Float(min)...Float(max))
    case .flip(let axis): Flip(axis)
    case .rotate90: QuarterTurn()
    case .color(let brightness, let contrast, let saturation):
      ColorJitter(
        brightness: Float(brightness), contrast: Float(contrast), saturation: Float(saturation))
    case .gamma(let min, let max): RandomGamma(Float(min)...Float(max))
    case .noise(let deviation): GaussianNoise(deviation: Float(deviation))
    case .blur(let deviation): GaussianBlur(deviation: Float(deviation))
    }
  }
}
