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
    /// A window of a random share `min…max` of the area at a random place, its aspect changed by a random ratio, brought
    /// to a fixed size in pixels.
    case resizedCrop(
      width: Int, height: Int, min: Double, max: Double, minRatio: Double = 1, maxRatio: Double = 1)
    /// Mirrored along one axis.
    case flip(Flip.Axis)
    /// Turned by 0, 90, 180 or 270 degrees.
    case rotate90
    /// Turned by an angle of at most so many degrees either way.
    case rotate(degrees: Double)
    /// Turned and slanted by at most so many degrees, scaled by `min…max`, moved by a share of the sides.
    case affine(degrees: Double, min: Double, max: Double, shear: Double, translate: Double)
    /// Bent by displacements of a standard deviation in pixels at the points of a grid.
    case elastic(deviation: Double, grid: Int)
    /// Brightness, contrast and saturation each multiplied by a factor drawn from `1 ± amount`, and hue turned by a
    /// share of the circle drawn from `± amount`.
    case color(brightness: Double, contrast: Double, saturation: Double, hue: Double = 0)
    /// Without colour.
    case gray
    /// Samples raised to an exponent drawn from `min…max`.
    case gamma(min: Double, max: Double)
    /// Light along the principal components of ImageNet's colours, in shares of a standard deviation.
    case lighting(deviation: Double)
    /// Gaussian noise of a standard deviation in 8-bit steps.
    case noise(deviation: Double)
    /// A share of the pixels black or white.
    case saltAndPepper(amount: Double)
    /// A Gaussian blur of a standard deviation in pixels drawn from `0…deviation`.
    case blur(deviation: Double)
    /// The strength of edges in place of the picture.
    case sobel
    /// One square of a side in pixels covered.
    case cutout(size: Int)
    /// Up to `count` squares of sides `min…max` in pixels covered.
    case coarseDropout(count: Int, min: Int, max: Int)
    /// Artefacts of a JPEG whose quality is drawn from `min…max`.
    case jpeg(min: Int, max: Int)
    /// A window of a share `min…max` of the area from another sample of the batch.
    case cutMix(min: Double, max: Double)
    /// Every sample of the batch blended with another by a share of Beta(α, α), and the losses of both truths.
    case mixUp(alpha: Double)
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
    case .rotate: "rotate"
    case .affine: "affine"
    case .elastic: "elastic"
    case .color: "color"
    case .gray: "gray"
    case .gamma: "gamma"
    case .lighting: "lighting"
    case .noise: "noise"
    case .saltAndPepper: "salt_pepper"
    case .blur: "blur"
    case .sobel: "sobel"
    case .cutout: "cutout"
    case .coarseDropout: "coarse_dropout"
    case .jpeg: "jpeg"
    case .cutMix: "cutmix"
    case .mixUp: "mixup"
    }
  }

  /// What the step does to a sample by itself; `nil` for one that acts on a batch.
  var transform: (any Transform)? {
    switch kind {
    case .scale(let min, let max): RandomScale(Float(min)...Float(max))
    case .resize(let width, let height): Resize(width: width, height: height)
    case .crop(let width, let height): RandomCrop(width: width, height: height)
    case .resizedCrop(let width, let height, let min, let max, let minRatio, let maxRatio):
      RandomResizedCrop(
        width: width, height: height, area: Float(min)...Float(max), ratio: Float(minRatio)...Float(maxRatio))
    case .flip(let axis): Flip(axis)
    case .rotate90: QuarterTurn()
    case .rotate(let degrees): RandomAffine(degrees: Float(degrees))
    case .affine(let degrees, let min, let max, let shear, let translate):
      RandomAffine(
        degrees: Float(degrees), scale: Float(min)...Float(max), shear: Float(shear),
        translate: Float(translate))
    case .elastic(let deviation, let grid): ElasticDeformation(deviation: Float(deviation), grid: grid)
    case .color(let brightness, let contrast, let saturation, let hue):
      ColorJitter(
        brightness: Float(brightness), contrast: Float(contrast), saturation: Float(saturation),
        hue: Float(hue))
    case .gray: Grayscale()
    case .gamma(let min, let max): RandomGamma(Float(min)...Float(max))
    case .lighting(let deviation): ColorLighting(deviation: Float(deviation))
    case .noise(let deviation): GaussianNoise(deviation: Float(deviation))
    case .saltAndPepper(let amount): SaltAndPepper(amount: Float(amount))
    case .blur(let deviation): GaussianBlur(deviation: Float(deviation))
    case .sobel: SobelEdges()
    case .cutout(let size): RandomErasing(count: 1...1, size: size...size)
    case .coarseDropout(let count, let min, let max): RandomErasing(count: 1...count, size: min...max)
    case .jpeg(let min, let max): JPEGArtifacts(quality: min...max)
    case .cutMix, .mixUp: nil
    }
  }

  /// What the step does to a sample by another of its batch; `nil` for one that acts on samples by themselves.
  public var batchTransform: (any BatchTransform)? {
    guard case .cutMix(let min, let max) = kind else { return nil }
    return CutMix(area: Float(min)...Float(max))
  }

  /// What the step does to a batch as a whole; `nil` for one that acts on its samples.
  public var mixUp: MixUp? {
    guard case .mixUp(let alpha) = kind else { return nil }
    return MixUp(alpha: Float(alpha))
  }
}
