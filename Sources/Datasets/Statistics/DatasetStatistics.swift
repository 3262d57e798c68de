import Augmentation
import TensorCore

/// What a split holds: pixels and images of each class, sizes, and the spread of colours.
public struct DatasetStatistics: Sendable, Equatable {
  /// What one class has.
  public struct ClassCount: Sendable, Equatable {
    /// The class's name.
    public let name: String
    /// Pixels of masks; images where they have a class each.
    public let samples: Int
    /// Images that it occurs in.
    public let images: Int
    /// Pixels that count in the images that it occurs in; all images where they have a class each.
    public let around: Int
  }

  /// How many pictures have a size.
  public struct SizeCount: Sendable, Equatable {
    /// In pixels.
    public let size: PixelSize
    /// Pictures of that size.
    public let images: Int
  }

  /// `camvid/train`.
  public let title: String
  /// Whether samples are pixels of masks or images with a class each.
  public let truth: Sample.TruthKind
  /// The number of images.
  public let images: Int
  /// In the order of label indices.
  public let classes: [ClassCount]
  /// Pixels without a class.
  public let ignored: Int
  /// From the most frequent size to the rarest; of equally frequent ones the smallest first.
  public let sizes: [SizeCount]
  /// The mean of red, green and blue over all pixels of all images, 0…1.
  public let mean: [Double]
  /// Their standard deviation, in units of the whole range 0…1.
  public let deviation: [Double]

  /// Reads all samples of a split on the threads of `pool`; the numbers do not depend on how many there are.
  ///
  /// - Parameter progress: called with the number of samples read so far, from one thread at a time.
  /// - Throws: the `DatasetError` of the first sample that cannot be read.
  public init(
    _ dataset: Dataset, pool: ThreadPool, progress: (Int) -> Void = { _ in }
  ) throws(DatasetError) {
    let facts = FactCollector.facts(dataset, depth: .pixels, pool: pool, progress: progress)
    if let problem = facts.lazy.compactMap(\.problems.first).first { throw problem }
    title = dataset.title
    truth = dataset.truth
    images = facts.count
    let ignoredLabel = dataset.truth == .mask ? Int(Sample.ignoredLabel) : -1
    var counts = [(samples: Int, images: Int, around: Int)](
      repeating: (0, 0, 0), count: dataset.classes.count)
    var ignored = 0
    for sample in facts {
      let counted = sample.labels.filter { $0.label != ignoredLabel }
      let total = counted.reduce(0) { $0 + $1.count }
      ignored += sample.labels.reduce(0) { $0 + $1.count } - total
      for (label, count) in counted where counts.indices.contains(label) {
        counts[label].samples += count
        counts[label].images += 1
        counts[label].around += total
      }
    }
    if dataset.truth == .label {
      for label in counts.indices { counts[label].around = facts.count }
    }
    self.ignored = ignored
    classes = zip(dataset.classes, counts).map {
      ClassCount(name: $0, samples: $1.samples, images: $1.images, around: $1.around)
    }
    sizes = Dictionary(grouping: facts.compactMap(\.size)) { $0 }.map {
      SizeCount(size: $0, images: $1.count)
    }
    .sorted { ($1.images, $0.size.height, $0.size.width) < ($0.images, $1.size.height, $1.size.width) }
    let pixels = facts.reduce(0.0) { $0 + Double(($1.size?.width ?? 0) * ($1.size?.height ?? 0)) }
    // Whole numbers until the end, so that nothing depends on an order.
    func total(_ sums: KeyPath<SampleFacts, [UInt64]>, _ channel: Int) -> Double {
      Double(facts.reduce(0 as UInt64) { $0 + $1[keyPath: sums][channel] })
    }
    let mean = (0..<3).map { total(\.sums, $0) / pixels / 255 }
    self.mean = mean
    deviation = (0..<3).map { channel in
      let square = total(\.squares, channel) / pixels / 255 / 255
      return max(0, square - mean[channel] * mean[channel]).squareRoot()
    }
  }

  /// All pixels, or images, that count.
  public var total: Int { classes.reduce(0) { $0 + $1.samples } }

  /// The share of each class, 0…1.
  public var shares: [Double] { classes.map { Double($0.samples) / Double(max(1, total)) } }
}
