import TensorCore

/// The Lovász-softmax of Berman et al. 2018 (arXiv:1705.08790, equation 12): the convex extension of one less
/// intersection over union, the mean over the classes that truth has.
///
/// For each class the errors `|truth − probability|` of all pixels of a batch are sorted, the largest first, and each
/// counts by what it adds to the Jaccard loss of those before it.
public struct LovaszSoftmax: LogitsLoss {
  /// The label of pixels that do not count; `nil` where all do.
  public let ignoreIndex: Int?

  /// A Lovász-softmax.
  public init(ignoreIndex: Int? = nil) { self.ignoreIndex = ignoreIndex }

  /// `lovasz_softmax`.
  public var label: String { "lovasz_softmax" }

  /// The gradient of the probabilities, the pixels that count, and for each thread keys and pixels twice; a loss for each
  /// class.
  public func scratch(for logits: Shape, threads: Int) -> Int {
    logits.count + logits.pixels + 4 * threads * logits.pixels + logits.channels
  }

  /// The loss; writes every element of the gradient of the logits.
  public func evaluate(_ pass: LossPass) -> Double {
    let (classes, pixels, pool) = (pass.classes, pass.pixels, pass.pool)
    pass.writeProbabilities()
    let slopes = pass.scratch
    let valid = UnsafeMutableRawPointer(slopes + pixels * classes).bindMemory(
      to: UInt32.self, capacity: pixels)
    let buffers = slopes + pixels * classes + pixels
    let losses = buffers + 4 * pool.threads * pixels
    var count = 0
    for pixel in 0..<pixels where pass.labels[pixel] >= 0 {
      valid[count] = UInt32(truncatingIfNeeded: pixel)
      count += 1
    }
    pool.forEach(classes) { index, worker in
      let memory = UnsafeMutableRawPointer(buffers + worker * 4 * pixels).bindMemory(
        to: UInt32.self, capacity: 4 * pixels)
      losses[index] = Self.loss(of: index, pass, valid, count, memory, slopes)
    }
    // A loss below 0 stands for a class that truth has not.
    var (sum, present) = (0.0, 0.0)
    for index in 0..<classes where !(losses[index] < 0) {
      sum += Double(losses[index])
      present += 1
    }
    let scale = Float(present > 0 ? 1 / present : 0)
    pass.forEachChunk { range in
      for pixel in range {
        if pass.labels[pixel] < 0 {
          pass.clear(pixel)
          continue
        }
        let (row, slope) = (pass.gradient.pixel(pixel), slopes + pixel * classes)
        var mean: Float = 0
        for index in 0..<classes { mean += row[index] * slope[index] }
        for index in 0..<classes { row[index] *= (slope[index] - mean) * scale }
      }
    }
    return present > 0 ? sum / present : 0
  }

  /// The loss of a class, and what each of its probabilities changes in it; -1 where truth has it not.
  private static func loss(
    of index: Int, _ pass: LossPass, _ valid: UnsafeMutablePointer<UInt32>, _ count: Int,
    _ memory: UnsafeMutablePointer<UInt32>, _ slopes: UnsafeMutablePointer<Float>
  ) -> Float {
    let (classes, pixels) = (pass.classes, pass.pixels)
    let (keys, items) = (memory, memory + pixels)
    let (otherKeys, sorted) = (memory + 2 * pixels, memory + 3 * pixels)
    func error(_ pixel: Int, _ isTrue: Bool) -> Float {
      let p = pass.gradient.pixel(pixel)[index]
      return isTrue ? 1 - p : p
    }
    var truths = 0
    for place in 0..<count {
      let pixel = Int(valid[place])
      let isTrue = pass.labels[pixel] == index
      if isTrue { truths += 1 }
      keys[place] = DescendingSort.key(error(pixel, isTrue))
      items[place] = valid[place]
    }
    guard truths > 0 else {
      for place in 0..<count { slopes[Int(valid[place]) * classes + index] = 0 }
      return -1
    }
    DescendingSort.sort(count, keys: keys, items: items, otherKeys: otherKeys, otherItems: sorted)
    // Of the errors so far: true pixels that are not hit, and others that are taken for the class.
    var (missed, added, loss, before) = (0, 0, 0.0, 0.0)
    for place in 0..<count {
      let pixel = Int(sorted[place])
      let isTrue = pass.labels[pixel] == index
      if isTrue { missed += 1 } else { added += 1 }
      let jaccard = 1 - Double(truths - missed) / Double(truths + added)
      let step = jaccard - before
      before = jaccard
      loss += Double(error(pixel, isTrue)) * step
      slopes[pixel * classes + index] = Float(isTrue ? -step : step)
    }
    return Float(loss)
  }
}
