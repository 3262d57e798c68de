import TensorCore

/// The mean cross entropy with the weight map of the U-Net paper (Ronneberger et al. 2015, arXiv:1505.04597,
/// equation 2): pixels between objects that nearly touch count more, so that objects stay apart.
///
/// The weight of a pixel is that of its class, and outside of objects `w0 · exp(−(d1 + d2)² / 2σ²)` more, d1 and d2
/// being the distances to the two nearest objects in pixels. Objects are the 4-connected regions of a class. The mean
/// is by weight.
public struct BoundaryCrossEntropy: LogitsLoss {
  /// The class whose regions are objects.
  public let object: Int
  /// The weight where objects touch.
  public let w0: Float
  /// How fast it falls with the distance, in pixels.
  public let sigma: Float
  /// The weight of each class; `nil` is 1 for all.
  public let classWeights: [Float]?
  /// The label of pixels that do not count; `nil` where all do.
  public let ignoreIndex: Int?

  /// A mean by the weight map; the paper's w0 is 10 and its σ 5.
  public init(
    object: Int = 1, w0: Float = 10, sigma: Float = 5, classWeights: [Float]? = nil, ignoreIndex: Int? = nil
  ) {
    (self.object, self.w0, self.sigma) = (object, w0, sigma)
    (self.classWeights, self.ignoreIndex) = (classWeights, ignoreIndex)
  }

  /// `boundary_cross_entropy`.
  public var label: String { "boundary_cross_entropy" }

  /// Throws for an object that is no class, weights of another number of classes, a weight below 0, or a sigma outside
  /// of 0.1 to 100 pixels.
  public func checkSettings(classes: Int) throws(LayerError) {
    guard (0..<classes).contains(object) else {
      throw .setting(
        operator: label, name: "object", expected: "a class of 0 to \(classes - 1)", found: object)
    }
    try check(classWeights, classes: classes)
    guard w0 >= 0, w0.isFinite else {
      throw .setting(operator: label, name: "w0 in percent", expected: "of 0 or more", found: percent(w0))
    }
    guard sigma >= 0.1, sigma <= 100 else {
      throw .setting(
        operator: label, name: "sigma in percent", expected: "of 10 to 10000", found: percent(sigma))
    }
  }

  /// A weight for each pixel, and for each thread what an image's map needs.
  public func scratch(for logits: Shape, threads: Int) -> Int {
    logits.pixels + threads * BoundaryWeights.scratch(pixels: logits.height * logits.width)
  }

  /// The loss; writes every element of the gradient of the logits.
  public func evaluate(_ pass: LossPass) -> Double {
    let shape = pass.logits.shape
    let area = shape.height * shape.width
    let weights = pass.scratch
    let scratch = weights + shape.pixels
    let map = BoundaryWeights(width: shape.width, height: shape.height, w0: w0, sigma: sigma)
    pass.pool.forEach(shape.batch) { image, worker in
      map.write(
        into: weights + image * area, scratch: scratch + worker * BoundaryWeights.scratch(pixels: area)
      ) { pass.labels[image * area + $0] == object }
    }
    pass.writeProbabilities()
    let sums = pass.sum(2) { range, sums in
      for pixel in range {
        let label = pass.labels[pixel]
        if label < 0 {
          weights[pixel] = 0
          continue
        }
        weights[pixel] += classWeights?[label] ?? 1
        sums[0] += Double(weights[pixel]) * pass.crossEntropy(pixel, label)
        sums[1] += Double(weights[pixel])
      }
    }
    let scale = sums[1] > 0 ? Float(1 / sums[1]) : 0
    pass.forEachChunk { range in
      for pixel in range {
        let label = pass.labels[pixel]
        if label < 0 {
          pass.clear(pixel)
        } else {
          pass.differentiate(pixel, label, weight: weights[pixel] * scale)
        }
      }
    }
    return sums[1] > 0 ? sums[0] / sums[1] : 0
  }
}
