import Images

/// How many objects of a class are found: its regions, of pixels that touch by their sides, each with one predicted
/// region that shares more than half of their union (IoU above 0.5).
///
/// No region has two such partners, so that nothing has to be assigned (Kirillov et al. 2019, arXiv:1801.00868, §4.1).
public struct ObjectScore: Sendable, Equatable {
  /// The class.
  public let label: UInt8
  /// Regions of the truth.
  public private(set) var expected = 0
  /// Predicted regions.
  public private(set) var predicted = 0
  /// Regions of the truth that have a partner.
  public private(set) var found = 0

  /// Nothing counted yet.
  public init(label: UInt8) { self.label = label }

  /// The share of the true regions that is found; `nil` without any.
  public var recall: Double? { expected > 0 ? Double(found) / Double(expected) : nil }
  /// Twice those found, as a share of all regions of both; `nil` without any.
  public var f1: Double? {
    expected + predicted > 0 ? 2 * Double(found) / Double(expected + predicted) : nil
  }

  /// Counts one image; what is predicted where no class is true (255) does not count.
  public mutating func add(truth: [UInt8], prediction: [UInt8], width: Int, height: Int) {
    let visible = prediction.indices.map { truth[$0] == 255 ? 255 : prediction[$0] }
    let (mine, theirs) = (regions(truth, width, height), regions(visible, width, height))
    expected += mine.areas.count
    predicted += theirs.areas.count
    var shared: [Int: Int] = [:]
    for (one, other) in zip(mine.ofPixel, theirs.ofPixel) where one >= 0 && other >= 0 {
      shared[Int(one) * theirs.areas.count + Int(other), default: 0] += 1
    }
    found += shared.count { pair, pixels in
      let (one, other) = pair.quotientAndRemainder(dividingBy: theirs.areas.count)
      return 2 * pixels > mine.areas[one] + theirs.areas[other] - pixels
    }
  }

  /// The pixels of each region of the class, and the region of each pixel, -1 where there is none.
  private func regions(_ labels: [UInt8], _ width: Int, _ height: Int) -> (areas: [Int], ofPixel: [Int32]) {
    let all = Components(MaskRuns(Mask(width: width, height: height, labels: labels)))
    var areas: [Int] = []
    let numbers = all.labels.indices.map { index -> Int32 in
      guard all.labels[index] == label else { return -1 }
      areas.append(all.areas[index])
      return Int32(areas.count - 1)
    }
    var ofPixel = [Int32](repeating: -1, count: labels.count)
    for y in 0..<height {
      for run in all.runs.rows[y]..<all.runs.rows[y + 1] where all.runs.labels[run] == label {
        let number = numbers[Int(all.ofRun[run])]
        for x in Int(all.runs.starts[run])..<all.runs.end(of: run, row: y) { ofPixel[y * width + x] = number }
      }
    }
    return (areas, ofPixel)
  }
}
