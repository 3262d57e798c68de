import Images

/// What under `labels:` would make classes of the values or colours that masks hold.
public struct LabelMapProposal: Sendable, Equatable {
  /// A value or a colour and what it would mean.
  public struct Entry: Sendable, Equatable {
    /// `255`, or `"#800000"` with its quotation marks.
    public let key: String
    /// `ignore`, or the index of a class.
    public let meaning: String
  }

  /// In their order.
  public let entries: [Entry]
  /// Whether what the masks hold leaves no doubt; otherwise a person should look at it.
  public let isCertain: Bool
  /// Whether the masks can be read without it, though they then mean something else.
  let isSilent: Bool

  /// A line to paste into a description.
  public var line: String {
    "labels: {\(entries.map { "\($0.key): \($0.meaning)" }.joined(separator: ", "))}"
  }

  /// The proposal for what samples hold; `nil` when all means something, or nothing can be proposed.
  init?(_ description: DatasetDescription, _ facts: [SampleFacts]) {
    guard case .files(let content) = description.content else { return nil }
    let rules = content.labels
    let colors = Set(facts.flatMap(\.colors))
    let values = Set(facts.flatMap(\.values))
    let unknown = colors.filter { rules.colors[Color(packed: $0)] == nil }
    if !unknown.isEmpty {
      guard let guess = Self.colors(unknown, description) else { return nil }
      self = guess
      return
    }
    let palette = facts.reduce(into: [UInt16: Color]()) { $0.merge($1.palette) { first, _ in first } }
    guard let guess = Self.values(values, palette, rules, description) else { return nil }
    self = guess
  }

  private init(_ pairs: [(String, Int?)], isCertain: Bool, isSilent: Bool = false) {
    entries = pairs.map { Entry(key: $0.0, meaning: $0.1.map { "\($0)" } ?? "ignore") }
    self.isCertain = isCertain
    self.isSilent = isSilent
  }

  private static func values(
    _ values: Set<UInt16>, _ palette: [UInt16: Color], _ rules: LabelRules, _ description: DatasetDescription
  ) -> LabelMapProposal? {
    let (table, classes) = (rules.table(), rules.classes)
    let illegal = values.filter { table[Int($0)] == LabelRules.illegal }.sorted()
    func key(_ value: UInt16) -> String { "\(value)" }
    if illegal.isEmpty {
      // 0 and 255 alone are a drawing in black and white, not one class and pixels without one.
      guard classes == 2, values == [0, 255], table[255] == 255 else { return nil }
      return LabelMapProposal([("255", 1)], isCertain: true, isSilent: true)
    }
    let sorted = values.sorted()
    if classes == 2, values.subtracting([0]) == Set(illegal), illegal.count == 1 {
      return LabelMapProposal([(key(illegal[0]), 1)], isCertain: true)
    }
    let byColor = illegal.map { value in palette[value].flatMap { description.colors.firstIndex(of: $0) } }
    if !byColor.contains(nil) {
      return LabelMapProposal(Array(zip(illegal.map(key), byColor)), isCertain: true)
    }
    if illegal == [255] {
      // Beside 0 alone it may as well be a class that was drawn in white.
      return LabelMapProposal([("255", nil)], isCertain: values.contains { $0 != 0 && $0 != 255 })
    }
    if sorted.allSatisfy({ $0.isMultiple(of: 257) && Int($0 / 257) < classes }) {
      return LabelMapProposal(illegal.map { (key($0), Int($0 / 257)) }, isCertain: true)
    }
    if sorted.count == classes, sorted.first == 0, let last = sorted.last {
      let pairs = sorted.enumerated().filter { Int($0.element) != $0.offset }.map {
        (key($0.element), Int?($0.offset))
      }
      // Grays at equal distances are classes in their order.
      let isEven = sorted.enumerated().allSatisfy {
        abs(Double($0.element) - Double(last) * Double($0.offset) / Double(classes - 1)) <= 1
      }
      return LabelMapProposal(pairs, isCertain: isEven)
    }
    guard illegal.count <= 32 else { return nil }
    return LabelMapProposal(illegal.map { (key($0), nil) }, isCertain: false)
  }

  private static func colors(_ colors: Set<UInt32>, _ description: DatasetDescription) -> LabelMapProposal? {
    let sorted = colors.sorted()
    guard sorted.count <= SampleFacts.mostColors else { return nil }
    func key(_ color: UInt32) -> String { "\"\(Color(packed: color).key)\"" }
    let classes = description.classes.count
    let matches = sorted.map { description.colors.firstIndex(of: Color(packed: $0)) }
    if !matches.contains(nil) {
      return LabelMapProposal(Array(zip(sorted.map(key), matches)), isCertain: true)
    }
    // Class indices that were saved as grays in three channels.
    let grays = sorted.map { color in
      color >> 16 == color & 0xFF && color >> 8 & 0xFF == color & 0xFF ? Int(color & 0xFF) : Int.max
    }
    if grays.allSatisfy({ $0 < classes || $0 == 255 }), classes > 2 || grays != [0, 255] {
      return LabelMapProposal(
        zip(sorted, grays).map { (key($0), $1 < classes ? $1 : nil) },
        isCertain: !grays.contains(255) || grays.contains { $0 != 0 && $0 != 255 })
    }
    if classes == 2, sorted.count == 2, sorted[0] == 0 {
      return LabelMapProposal([(key(sorted[0]), 0), (key(sorted[1]), 1)], isCertain: true)
    }
    if sorted.count == classes {
      return LabelMapProposal(sorted.enumerated().map { (key($0.element), $0.offset) }, isCertain: false)
    }
    guard sorted.count <= 64 else { return nil }
    return LabelMapProposal(Array(zip(sorted.map(key), matches)), isCertain: false)
  }

  /// What is wrong with masks that mean something else than they seem to, if this is for such.
  ///
  /// - Parameter images: those that the facts are of, of which one is named.
  func error(_ facts: [SampleFacts], images: (Int) -> String, file: String) -> DatasetError? {
    guard isSilent, let index = facts.firstIndex(where: { $0.values.contains(255) }) else { return nil }
    return .onlyIgnored(image: images(index), line: line, file: file)
  }
}
