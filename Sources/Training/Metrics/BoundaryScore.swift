/// Boundary F1 (Csurka et al. 2013, "What is a good evaluation measure for semantic segmentation?", §3.2): a
/// predicted border pixel is right when a true one of its class lies within the tolerance, and the other way.
///
/// Precision and recall are averaged over the images in which a class occurs, F1 is theirs, and the score is the
/// mean over classes. The tolerance is 0.75 % of the image's diagonal, at least a pixel; distances between
/// centres of pixels are compared with it as it is, not rounded.
public struct BoundaryScore: Sendable, Equatable {
  private var precision: [Double]
  private var recall: [Double]
  private var images: [Int]

  /// Nothing counted yet.
  public init(classes: Int) {
    precision = [Double](repeating: 0, count: classes)
    recall = [Double](repeating: 0, count: classes)
    images = [Int](repeating: 0, count: classes)
  }

  /// F1 of each class; `nil` for one that no image had.
  public var f1: [Double?] {
    images.indices.map { index in
      guard images[index] > 0 else { return nil }
      let (p, r) = (precision[index] / Double(images[index]), recall[index] / Double(images[index]))
      return p + r > 0 ? 2 * p * r / (p + r) : 0
    }
  }

  /// Mean of `f1` over the classes that occurred; `nil` where none had a border.
  public var mean: Double? {
    let present = f1.compactMap(\.self)
    return present.isEmpty ? nil : present.reduce(0, +) / Double(present.count)
  }

  /// Counts one image; pixels whose truth is no class (255) have no border.
  public mutating func add(truth: [UInt8], prediction: [UInt8], width: Int, height: Int) {
    let diagonal = Double(width * width + height * height).squareRoot()
    let tolerance = max(1, 0.0075 * diagonal)
    let visible = prediction.indices.map { truth[$0] == 255 ? 255 : prediction[$0] }
    for index in images.indices {
      let label = UInt8(index)
      let expected = Self.border(of: label, truth, truth, width, height)
      let found = Self.border(of: label, visible, truth, width, height)
      let (expectedCount, foundCount) = (expected.count(where: \.self), found.count(where: \.self))
      if expectedCount == 0 && foundCount == 0 { continue }
      images[index] += 1
      if foundCount > 0 {
        let hits = Self.hits(found, near: expected, tolerance, width, height)
        precision[index] += Double(hits) / Double(foundCount)
      }
      if expectedCount > 0 {
        let hits = Self.hits(expected, near: found, tolerance, width, height)
        recall[index] += Double(hits) / Double(expectedCount)
      }
    }
  }

  /// Pixels of a class with a pixel of another class to the right, left, above or below.
  private static func border(
    of label: UInt8, _ labels: [UInt8], _ truth: [UInt8], _ width: Int, _ height: Int
  ) -> [Bool] {
    func differs(_ index: Int) -> Bool { labels[index] != label && truth[index] != 255 }
    return labels.indices.map { index in
      guard labels[index] == label else { return false }
      let (x, y) = (index % width, index / width)
      return (x > 0 && differs(index - 1)) || (x + 1 < width && differs(index + 1))
        || (y > 0 && differs(index - width)) || (y + 1 < height && differs(index + width))
    }
  }

  /// How many pixels of `set` have one of `others` within `tolerance` pixels.
  ///
  /// Each column knows how far its nearest one is; a pixel then looks at the columns around it.
  private static func hits(
    _ set: [Bool], near others: [Bool], _ tolerance: Double, _ width: Int, _ height: Int
  ) -> Int {
    let radius = Int(tolerance)
    let far = radius + 1
    var distances = [Int](repeating: far, count: others.count)
    for index in others.indices {
      let above = index >= width ? distances[index - width] + 1 : far
      distances[index] = others[index] ? 0 : min(far, above)
    }
    for index in others.indices.reversed() where index + width < others.count {
      distances[index] = min(distances[index], distances[index + width] + 1)
    }
    var count = 0
    for index in set.indices where set[index] {
      let x = index % width
      for column in max(0, x - radius)...min(width - 1, x + radius) {
        let (across, down) = (column - x, distances[index + column - x])
        if down <= radius && Double(across * across + down * down) <= tolerance * tolerance {
          count += 1
          break
        }
      }
    }
    return count
  }
}
