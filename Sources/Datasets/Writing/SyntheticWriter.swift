import Files
import Foundation
import Images

/// Writes synthetic scenes as a dataset that anyone can look at: images, masks and a description.
///
/// The same arguments give the same bytes.
public struct SyntheticWriter: Sendable {
  /// Which generator draws the scenes.
  public let scene: SceneKind
  /// The size of every scene in pixels.
  public let size: PixelSize
  /// The seed of the scenes.
  public let seed: UInt64

  /// A writer of scenes of the given name, `streets`.
  ///
  /// - Throws: `DatasetError` for an unknown name or a side outside of 16…4096 pixels.
  public init(scene: String, width: Int, height: Int, seed: UInt64) throws(DatasetError) {
    guard let kind = SceneKind(rawValue: scene) else {
      throw .unknownScene(name: scene, known: SceneKind.allCases.map(\.rawValue))
    }
    try Self.check("width", width, SceneKind.sides)
    try Self.check("height", height, SceneKind.sides)
    self.scene = kind
    self.size = PixelSize(width: width, height: height)
    self.seed = seed
  }

  private static func check(
    _ name: String, _ value: Int, _ range: ClosedRange<Int>
  ) throws(DatasetError) {
    guard range.contains(value) else {
      throw .sceneArgument(name: name, found: value, lower: range.lowerBound, upper: range.upperBound)
    }
  }

  /// Writes `count` scenes to `images` and `masks` in `folder`, then `dataset.yaml`, so that a folder with a
  /// description is complete.
  ///
  /// - Parameters:
  ///   - progress: called after each scene with the number written.
  /// - Throws: `DatasetError` for a count outside of 1…100000, a folder that holds scenes already, and a file that
  ///   cannot be written.
  public func write(
    count: Int, to folder: String, progress: (Int) -> Void = { _ in }
  ) throws(DatasetError) {
    try Self.check("count", count, SceneKind.counts)
    for part in ["images", "masks"] {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(part)")) ?? []
      if !names.isEmpty { throw .outputInUse(folder: "\(folder)/\(part)") }
    }
    let palette = Palette(scene.colors)
    for index in 0..<count {
      let (image, mask) = scene.render(seed: seed, index: index, size: size)
      let name = Self.name(index)
      let picture: [UInt8]
      let labels: [UInt8]
      do throws(ImageError) {
        picture = try PictureWriter.png(image)
        labels = try MaskWriter.png(mask, palette: palette)
      } catch {
        throw .image(error)
      }
      try Self.save(picture, "\(folder)/images/\(name).png")
      try Self.save(labels, "\(folder)/masks/\(name).png")
      progress(index + 1)
    }
    try Self.save(Array(description(count: count).utf8), "\(folder)/dataset.yaml")
  }

  private static func save(_ bytes: [UInt8], _ path: String) throws(DatasetError) {
    do throws(FileError) {
      try DurableFile.write(bytes, to: path)
    } catch {
      throw .file(error)
    }
  }

  /// `00017`.
  private static func name(_ index: Int) -> String {
    let digits = String(index)
    return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
  }

  /// The description: every fifth scene is for validation.
  private func description(count: Int) -> String {
    let names = (0..<count).map(Self.name)
    let held = stride(from: 4, to: count, by: 5).map { "\"\(names[$0])\"" }
    var lines = [
      "# \(count) scenes of \(size) pixels, drawn with seed \(seed).",
      "name: \(scene.rawValue)",
      "licence: CC0",
      "classes: [\(scene.classes.joined(separator: ", "))]",
      "colors:",
    ]
    lines += scene.colors.map { "  - [\($0.red), \($0.green), \($0.blue)]" }
    lines += ["root: .", "splits:", "  all: {images: images, masks: masks}"]
    if !held.isEmpty {
      let list = held.joined(separator: ", ")
      lines += [
        "  train: {images: images, masks: masks, except: [\(list)]}",
        "  val: {images: images, masks: masks, only: [\(list)]}",
      ]
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
