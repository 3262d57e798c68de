import Foundation
import Images

extension DatasetDescription {
  /// Reads a description from a YAML file.
  ///
  /// Paths in it are relative to the file; `$NAME` and `${NAME}` in `root` stand for environment variables, and a
  /// root with a variable that is not set is passed over. Whether the data is there is seen when a split is opened.
  ///
  /// - Throws: `DatasetError` that names an unknown or missing key or a wrong value.
  public static func read(
    _ path: String, environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(DatasetError) -> DatasetDescription {
    let folder = path.parentFolder
    return try DatasetDescription(
      ConfigurationNode.read(path), folder: folder.isEmpty ? "." : folder, environment: environment)
  }

  /// The description that a YAML value holds; relative paths in it start at `folder`.
  public init(
    _ top: ConfigurationNode, folder: String, environment: [String: String]
  ) throws(DatasetError) {
    let format = try Format(top)
    let keys = try top.mapping(known: format.keys)
    file = top.file
    name = try keys.required("name", "a short name").string()
    licence = try keys["licence"]?.string()
    colors = []
    func roots() throws(DatasetError) -> [String] {
      try Self.roots(keys["root"], folder: folder, environment: environment)
    }
    switch format {
    case .scenes:
      let scenes = try Self.scenes(keys)
      classes = scenes.scene.classes
      colors = scenes.scene.colors
      content = .scenes(scenes)
    case .masks, .list, .voc, .cityscapes, .layers, .coco:
      classes = try format.classes(keys)
      colors = try format.colors(keys, count: classes.count)
      content = .files(
        FileContent(
          roots: try roots(), labels: try format.rules(keys, classes: classes.count),
          splits: try format.fileSplits(keys, classes: classes)))
    case .idx:
      classes = try Self.classes(keys.required("classes", "a list of names"), limit: 256)
      content = .idx(IDXContent(roots: try roots(), splits: try Self.idxSplits(keys)))
    case .folders:
      classes =
        try keys["classes"].map { node throws(DatasetError) in
          try Self.classes(node, limit: Self.largestClassCount)
        } ?? []
      content = .folders(FolderContent(roots: try roots(), splits: try Self.folderSplits(keys)))
    }
  }

  static func classes(
    _ node: ConfigurationNode, limit: Int
  ) throws(DatasetError) -> [String] {
    var names: [String] = []
    var seen: Set<String> = []
    for value in try node.list() {
      let name = try value.string()
      guard !name.hasControlCharacters else { throw value.wrong("a name without control characters") }
      guard seen.insert(name).inserted else { throw value.wrong("a name that no other class has") }
      names.append(name)
    }
    guard (1...limit).contains(names.count) else {
      throw .wrongValue(
        file: node.file, key: node.key, expected: "1…\(limit) names", found: "\(names.count)")
    }
    return names
  }

  static func colors(
    _ node: ConfigurationNode?, count: Int
  ) throws(DatasetError) -> [Color] {
    guard let node else { return (0..<count).map { Palette.voc[UInt8($0)] } }
    var colors: [Color] = []
    for entry in try node.list() {
      let parts = try entry.list()
      guard parts.count == 3 else { throw entry.wrong("[red, green, blue]") }
      var samples: [UInt8] = []
      for part in parts { samples.append(UInt8(try part.integer(in: 0...255))) }
      colors.append(Color(red: samples[0], green: samples[1], blue: samples[2]))
    }
    guard colors.count == count else {
      throw .wrongValue(
        file: node.file, key: node.key, expected: "a colour for each of \(count) classes",
        found: "\(colors.count)")
    }
    return colors
  }

  /// What the values of masks mean, beginning with what a format says of them.
  static func rules(
    _ keys: ConfigurationMapping, from start: LabelRules
  ) throws(DatasetError) -> LabelRules {
    var rules = start
    if let ignore = keys["ignore"] { rules.ignore = UInt16(try ignore.integer(in: 0...65535)) }
    guard let labels = keys["labels"] else { return rules }
    for (name, value) in try labels.pairs() {
      let meaning = try Self.meaning(value, classes: start.classes)
      if let color = Color(key: name) {
        guard rules.colors.updateValue(meaning, forKey: color) == nil else {
          throw value.wrong("each colour once")
        }
      } else if let number = UInt16(name) {
        guard start.map[number] != nil || rules.map[number] == nil else {
          throw value.wrong("each value once")
        }
        rules.map[number] = meaning
      } else {
        throw .wrongValue(
          file: labels.file, key: labels.key,
          expected: "values of a mask (0…65535) or colours (\"#ff0000\") as keys", found: "'\(name)'")
      }
    }
    return rules
  }

  private static func meaning(
    _ node: ConfigurationNode, classes: Int
  ) throws(DatasetError) -> LabelRules.Meaning {
    if case .scalar(let scalar) = node.node, scalar.string == "ignore" { return .ignored }
    guard case .scalar(let scalar) = node.node, let label = Int(scalar.string), (0..<classes).contains(label)
    else { throw node.wrong("'ignore' or the index of a class (0…\(classes - 1))") }
    return .label(UInt8(label))
  }

  private static func roots(
    _ node: ConfigurationNode?, folder: String, environment: [String: String]
  ) throws(DatasetError) -> [String] {
    guard let node else { return [folder] }
    var roots: [String] = []
    for entry in try node.oneOrList() {
      guard let path = EnvironmentVariables.expand(try entry.string(), environment) else { continue }
      // Messages are easier to read without a dot in the middle of a path.
      if path == "." {
        roots.append(folder)
        continue
      }
      roots.append(path.hasPrefix("/") ? path : folder.appendingPath(path))
    }
    return roots
  }

  static func strings(_ node: ConfigurationNode?) throws(DatasetError) -> [String]? {
    guard let node else { return nil }
    var strings: [String] = []
    for entry in try node.list() { strings.append(try entry.string()) }
    return strings
  }

  private static func scenes(_ keys: ConfigurationMapping) throws(DatasetError) -> SceneContent {
    let name = try keys.required("scenes", "the name of a generator")
    guard let scene = SceneKind(rawValue: try name.string()) else {
      throw name.wrong("one of \(SceneKind.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    let size = try keys.required("size", "a size as HEIGHTxWIDTH").size(in: SceneKind.sides)
    let node = try keys.required("splits", "a mapping of names to counts and seeds")
    var splits: [SceneSplit] = []
    for (name, value) in try node.pairs() {
      let keys = try value.mapping(known: ["count", "seed"])
      splits.append(
        SceneSplit(
          name: name, count: try keys.required("count", "scenes").integer(in: SceneKind.counts),
          seed: try keys.required("seed", "a whole number").seed()))
    }
    guard !splits.isEmpty else { throw node.wrong("at least one split") }
    return SceneContent(scene: scene, size: size, splits: splits)
  }
}
