import Foundation
import TensorCore

extension Checkpoint {
  /// The keys of a checkpoint's metadata.
  public enum Key {
    /// The version of this set of keys: `1`.
    public static let format = "tessera.format"
    /// Text.
    public static let architecture = "tessera.architecture"
    /// A JSON object of text.
    public static let arguments = "tessera.arguments"
    /// A JSON array of text.
    public static let classes = "tessera.classes"
    /// A JSON array of `[red, green, blue]`, 0…255.
    public static let palette = "tessera.palette"
    /// A whole number.
    public static let ignoreIndex = "tessera.ignore_index"
    /// A JSON object: `mean` and `deviation`, a number for each channel.
    public static let normalization = "tessera.normalization"
    /// A JSON array: height, width, in pixels.
    public static let trainingSize = "tessera.training_size"
    /// Text: `cover` or `pad`.
    public static let fit = "tessera.fit"
    /// A JSON object of numbers.
    public static let scores = "tessera.scores"
    /// A JSON object of text.
    public static let provenance = "tessera.provenance"

    /// All of them.
    static let all = [
      format, architecture, arguments, classes, palette, ignoreIndex, normalization, trainingSize, fit,
      scores,
      provenance,
    ]
  }

  /// The version that this package writes, and reads.
  public static let formatVersion = "1"

  /// The description in text; `file` stands for it in messages. Empty for foreign weights.
  func metadata(file: String) throws(WeightsError) -> [String: String] {
    guard let architecture else { return [:] }
    try check(file: file)
    var metadata = [Key.format: Self.formatVersion, Key.architecture: architecture]
    metadata[Key.arguments] = try encoded(arguments, Key.arguments, file)
    metadata[Key.classes] = try encoded(classes, Key.classes, file)
    metadata[Key.palette] = try encoded(palette.map { $0.map(Int.init) }, Key.palette, file)
    metadata[Key.ignoreIndex] = ignoreIndex.map(String.init)
    if let normalization {
      metadata[Key.normalization] = try encoded(normalization, Key.normalization, file)
    }
    if let size = trainingSize {
      metadata[Key.trainingSize] = try encoded([size.height, size.width], Key.trainingSize, file)
    }
    metadata[Key.fit] = fit?.rawValue
    metadata[Key.scores] = try encoded(scores, Key.scores, file)
    metadata[Key.provenance] = try encoded(provenance, Key.provenance, file)
    return metadata
  }

  /// The description in the metadata of a file, without parameters.
  ///
  /// - Throws: `WeightsError` when it cannot be understood, or when it would take more memory than the file has bytes.
  init(_ header: SafetensorsHeader, file: String) throws(WeightsError) {
    self.init(architecture: nil, parameters: [:])
    let metadata = header.metadata
    var allowance = header.allowance
    for key in Key.all {
      guard let text = metadata[key] else { continue }
      guard allowance.take(MetadataReader.bytes(toRead: text)) else {
        throw .headerOutweighsFile(file: file, limit: allowance.limit)
      }
      try Self.checkText(text, key, file: file)
    }
    guard let format = metadata[Key.format] else { return }
    guard format == Self.formatVersion else {
      throw .metadata(
        file: file, key: Key.format, expected: "\(Self.formatVersion), or a newer release of Tessera",
        found: format)
    }
    guard let architecture = metadata[Key.architecture], !architecture.isEmpty else {
      throw .metadata(file: file, key: Key.architecture, expected: "a name", found: "none")
    }
    self.architecture = architecture
    let reader = MetadataReader(metadata: metadata, file: file)
    arguments = try reader.decoded(Key.arguments, as: "an object of text") ?? [:]
    classes = try reader.decoded(Key.classes, as: "an array of text") ?? []
    palette = try reader.decoded(Key.palette, as: "an array of [red, green, blue], 0…255") ?? []
    ignoreIndex = try reader.decoded(Key.ignoreIndex, as: "a whole number")
    normalization = try reader.decoded(Key.normalization, as: "an object of mean and deviation")
    if let size: [Int] = try reader.decoded(Key.trainingSize, as: "[height, width]") {
      guard size.count == 2 else {
        throw .metadata(
          file: file, key: Key.trainingSize, expected: "[height, width]", found: "\(size.count) numbers")
      }
      trainingSize = Size(height: size[0], width: size[1])
    }
    if let text = metadata[Key.fit] {
      guard let fit = ImageFit(rawValue: text) else {
        throw .metadata(file: file, key: Key.fit, expected: "cover or pad", found: text)
      }
      self.fit = fit
    }
    scores = try reader.decoded(Key.scores, as: "an object of numbers") ?? [:]
    provenance = try reader.decoded(Key.provenance, as: "an object of text") ?? [:]
    try check(file: file)
  }

  /// Throws when the description contradicts itself.
  private func check(file: String) throws(WeightsError) {
    let isUnsafe = { (name: String) in
      name.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
    if let name = classes.first(where: isUnsafe) {
      throw .metadata(
        file: file, key: Key.classes, expected: "names without control characters", found: name)
    }
    guard palette.isEmpty || palette.count == classes.count else {
      throw .metadata(
        file: file, key: Key.palette, expected: "\(classes.count) colours, one for each class",
        found: "\(palette.count)")
    }
    if let colour = palette.first(where: { $0.count != 3 }) {
      throw .metadata(
        file: file, key: Key.palette, expected: "[red, green, blue]", found: "\(colour.count) numbers")
    }
    if let normalization {
      let (mean, deviation) = (normalization.mean, normalization.deviation)
      // Decoding does not pass through the initialiser, which would end the program on another number.
      guard mean.count == 3, deviation.count == 3 else {
        throw .metadata(
          file: file, key: Key.normalization, expected: "3 means and 3 deviations, for red, green and blue",
          found: "\(mean.count) and \(deviation.count)")
      }
      guard mean.allSatisfy(\.isFinite), deviation.allSatisfy({ $0.isFinite && $0 > 0 }) else {
        throw .metadata(
          file: file, key: Key.normalization, expected: "finite means and deviations above 0",
          found: "\(mean) and \(deviation)")
      }
    }
    let sides = 1...Self.largestSide
    if let size = trainingSize, !sides.contains(size.height) || !sides.contains(size.width) {
      throw .metadata(
        file: file, key: Key.trainingSize, expected: "1 to \(Self.largestSide) pixels each way",
        found: "\(size.height)x\(size.width)")
    }
  }

  private func encoded(
    _ value: some Encodable, _ key: String, _ file: String
  ) throws(WeightsError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = MetadataReader.encodingOfNonFinite
    guard let data = try? encoder.encode(value) else {
      throw .metadata(file: file, key: key, expected: "a value that JSON can hold", found: "\(value)")
    }
    return String(decoding: data, as: UTF8.self)
  }
}
