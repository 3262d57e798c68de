/// Boundary F1 (Csurka et al. 2013, "What is a good evaluation measure for semantic segmentation?", §3.2): a
/// predicted border pixel is right when a true one of its class lies within the tolerance, and the other way.
///
/// Precision and recall are averaged over the images in which a class occurs, F1 is theirs, and the score is the
/// mean over classes. Distance is measured in a square window, a little more lenient than the paper's disc. The
/// tolerance is 0.75 % of the image's diagonal, at least 1 pixel.
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

  /// Mean of `f1` over the classes that occurred.
  public var mean: Double {
    let present = f1.compactMap(\.self)
    return present.isEmpty ? 0 : present.reduce(0, +) / Double(present.count)
  }

  /// Counts one image; pixels whose truth is no class (255) have no border.
  public mutating func add(truth: [UInt8], prediction: [UInt8], width: Int, height: Int) {
    let diagonal = Double(width * width + height * height).squareRoot()
    let tolerance = max(1, Int((0.0075 * diagonal).rounded()))
    let visible = prediction.indices.map { truth[$0] == 255 ? 255 : prediction[$0] }
    for index in images.indices {
      let label = UInt8(index)
      let expected = Self.border(of: label, truth, truth, width, height)
      let found = Self.border(of: label, visible, truth, width, height)
      let (expectedCount, foundCount) = (expected.count(where: \.self), found.count(where: \.self))
      if expectedCount == 0 && foundCount == 0 { continue }
      images[index] += 1
      let nearExpected = Self.dilated(expected, tolerance, width, height)
      let nearFound = Self.dilated(found, tolerance, width, height)
      if foundCount > 0 {
        precision[index] += Double(zip(found, nearExpected).count { $0 && $1 }) / Double(foundCount)
      }
      if expectedCount > 0 {
        recall[index] += Double(zip(expected, nearFound).count { $0 && $1 }) / Double(expectedCount)
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

  /// Every pixel with a set one within `radius` along both axes: a running count along rows, then columns.
  private static func dilated(_ set: [Bool], _ radius: Int, _ width: Int, _ height: Int) -> [Bool] {
    var rows = [Bool](repeating: false, count: set.count)
    spread(set, into: &rows, radius, lines: height, length: width, lineStride: width, step: 1)
    var result = [Bool](repeating: false, count: set.count)
    spread(rows, into: &result, radius, lines: width, length: height, lineStride: 1, step: width)
    return result
  }

  private static func spread(
    _ set: [Bool], into result: inout [Bool], _ radius: Int, lines: Int, length: Int, lineStride: Int,
    step: Int
  ) {
    for line in 0..<lines {
      var last = Int.min / 2
      for position in 0..<length {
        let index = line * lineStride + position * step
        if set[index] { last = position }
        if position - last <= radius { result[index] = true }
      }
      last = Int.max / 2
      for position in stride(from: length - 1, through: 0, by: -1) {
        let index = line * lineStride + position * step
        if set[index] { last = position }
        if last - position <= radius { result[index] = true }
      }
    }
  }
}
