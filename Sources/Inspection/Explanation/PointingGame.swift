import Images

/// How often the strongest evidence for a class lies where the class is (Zhang et al. 2018, "Top-down neural attention by
/// excitation backprop", section 4.1), against the share of pixels that the class covers, which is what a pixel drawn
/// by chance comes to.
public struct PointingGame: Sendable, Equatable {
  /// What was counted of one class.
  public struct Count: Sendable, Equatable {
    /// Images that show the class.
    public var images = 0
    /// Those in which the strongest evidence lies on it.
    public var hits = 0
    /// The sum of the class's shares of the counted pixels.
    public var chance = 0.0

    /// The share of images whose evidence lies on the class, `0…1`; `nil` without any.
    public var accuracy: Double? { images > 0 ? Double(hits) / Double(images) : nil }
    /// What chance comes to, `0…1`; `nil` without any image.
    public var meanChance: Double? { images > 0 ? chance / Double(images) : nil }
  }

  /// One for each class.
  public private(set) var counts: [Count]

  /// A game of no image yet.
  public init(classes: Int) { counts = [Count](repeating: Count(), count: classes) }

  /// Counts the evidence for a class in an image whose truth shows it; one that does not is left out. No evidence at all
  /// is a miss.
  public mutating func add(_ explanation: Explanation, truth: Mask) {
    let index = explanation.classIndex
    let counted = truth.labels.count { Int($0) < counts.count }
    let shown = truth.labels.count { Int($0) == index }
    guard shown > 0, counts.indices.contains(index) else { return }
    counts[index].images += 1
    if let peak = explanation.peak(height: truth.height, width: truth.width),
      Int(truth[peak.column, peak.row]) == index
    {
      counts[index].hits += 1
    }
    counts[index].chance += Double(shown) / Double(counted)
  }

  /// Pairs of an image and a class that it shows.
  public var pairs: Int { counts.reduce(0) { $0 + $1.images } }
  /// All classes together.
  public var total: Count {
    counts.reduce(into: Count()) { total, count in
      total.images += count.images
      total.hits += count.hits
      total.chance += count.chance
    }
  }
  /// The share of pairs whose evidence lies on the class, `0…1`; `nil` without any.
  public var accuracy: Double? { total.accuracy }
  /// What chance comes to, `0…1`; `nil` without any pair.
  public var chance: Double? { total.meanChance }
}
