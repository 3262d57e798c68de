import Augmentation
import Datasets
import Images
import TensorCore

/// What `benchmark augment` prints: how fast each step of augmentation is, on one thread.
struct AugmentationBenchmark: Encodable {
  /// One step.
  struct Step: Encodable {
    let step: String
    let imagesPerSecond: Double

    enum CodingKeys: String, CodingKey {
      case step
      case imagesPerSecond = "images_per_second"
    }
  }

  let size: String
  let steps: [Step]

  var text: String {
    let width = steps.map(\.step.count).max() ?? 0
    let lines = steps.map {
      "  \($0.step.padding(toLength: width, withPad: " ", startingAt: 0))  \(decimals($0.imagesPerSecond, 0))"
    }
    return (["images of \(size) per second, one thread"] + lines).joined(separator: "\n")
  }

  /// Times every step on pictures of a size, a tenth of a second each.
  static func run(_ size: ImageSize) throws -> AugmentationBenchmark {
    let samples = (0..<2).map { sample(size, seed: UInt64($0)) }
    let clock = ContinuousClock()
    var results: [Step] = []
    for (name, step) in steps(size) {
      Console.progress(name)
      var step = step
      step.probability = 1
      let pipeline = try AugmentationPipeline([step])
      let isOfBatches = step.batchTransform != nil || step.mixUp != nil
      let batch = try step.mixUp.map { _ in
        try Batch(samples, names: ["0", "1"], normalization: .imageNet)
      }
      var index = 0
      func one() {
        if let batch {
          _ = batch.blended(share: 0.25)
          index += 1
          return
        }
        let changed = pipeline.apply(samples[0], seed: 1, epoch: 0, index: index)
        if step.batchTransform != nil {
          _ = pipeline.mix([changed, samples[1]], seed: 1, epoch: 0, indices: [index, index + 1])
        }
        index += 1
      }
      one()
      let start = clock.now
      index = 0
      while clock.now - start < .milliseconds(100) { one() }
      let (seconds, attoseconds) = (clock.now - start).components
      let images = index * (isOfBatches ? 2 : 1)
      results.append(
        Step(step: name, imagesPerSecond: Double(images) / (Double(seconds) + Double(attoseconds) * 1e-18)))
    }
    Console.endProgress()
    return AugmentationBenchmark(size: size.description, steps: results)
  }

  /// Every step at a usual strength.
  private static func steps(_ size: ImageSize) -> [(String, AugmentationStep)] {
    let (width, height) = (max(1, size.width / 2), max(1, size.height / 2))
    let kinds: [AugmentationStep.Kind] = [
      .scale(min: 0.75, max: 1.5), .resize(width: width, height: height), .crop(width: width, height: height),
      .resizedCrop(width: width, height: height, min: 0.25, max: 1), .flip(.horizontal), .flip(.vertical),
      .rotate90, .rotate(degrees: 15),
      .affine(degrees: 15, min: 0.8, max: 1.25, shear: 5, translate: 0.1), .elastic(deviation: 10, grid: 3),
      .color(brightness: 0.3, contrast: 0.3, saturation: 0.3),
      .color(brightness: 0.3, contrast: 0.3, saturation: 0.3, hue: 0.05), .gray, .gamma(min: 0.8, max: 1.25),
      .lighting(deviation: 0.1), .noise(deviation: 5), .saltAndPepper(amount: 0.02), .blur(deviation: 2),
      .sobel, .cutout(size: 64), .coarseDropout(count: 8, min: 8, max: 32), .jpeg(min: 40, max: 90),
      .cutMix(min: 0.1, max: 0.5), .mixUp(alpha: 0.2),
    ]
    return kinds.map { kind in
      let step = AugmentationStep(kind)
      switch kind {
      case .flip(let axis): return ("\(step.name) \(axis.rawValue)", step)
      case .color(_, _, _, let hue) where hue > 0: return ("\(step.name) with hue", step)
      default: return (step.name, step)
      }
    }
  }

  /// Soft colours and a mask of squares.
  private static func sample(_ size: ImageSize, seed: UInt64) -> Sample {
    var random = RandomStream(seed: seed)
    var (rgb, labels): ([UInt8], [UInt8]) = ([], [])
    for y in 0..<size.height {
      for x in 0..<size.width {
        let noise = UInt8(random.below(32))
        rgb += [UInt8(x % 224) + noise, UInt8(y % 224) + noise, UInt8((x + y) % 224) + noise]
        labels.append(UInt8((x / 32 + y / 32) % 11))
      }
    }
    return Sample(
      image: Raster(width: size.width, height: size.height, channels: 3, samples: .eight(rgb)),
      mask: Mask(width: size.width, height: size.height, labels: labels))
  }
}
