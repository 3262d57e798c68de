import Foundation
import Images

/// The content of `NAME.classes.json`.
public struct PredictionDescription: Sendable, Equatable {
  /// The picture's path.
  public let input: String
  /// Width in pixels.
  public let width: Int
  /// Height in pixels.
  public let height: Int
  /// Each class, by index.
  public let classes: [ClassRegions]

  /// What a prediction says of its picture.
  public init(_ prediction: Prediction, input: String) {
    let mask = prediction.mask
    self.input = input
    (width, height) = (mask.width, mask.height)
    let components = Components(MaskRuns(mask))
    let rings = RingTracer.rings(of: mask, components)
    var regions = [[Region]](repeating: [], count: 256)
    for index in 0..<components.count {
      regions[Int(components.labels[index])].append(
        Region(area: components.areas[index], box: components.boxes[index], polygon: rings[index]))
    }
    let texts = ColumnRunLengths.texts(of: mask, classes: prediction.classes.count)
    classes = prediction.summary.map { share in
      ClassRegions(
        share: share, regions: regions[share.index],
        runLengths: String(decoding: texts[share.index], as: UTF8.self))
    }
  }

  /// Pixels of one class that hang together by their sides.
  public struct Region: Sendable, Equatable {
    /// Pixels.
    public let area: Int
    /// The smallest rectangle around it.
    public let box: RegionBox
    /// Its outer border, clockwise, then its holes, counter-clockwise.
    public let polygon: [[RegionCorner]]
  }

  /// Where a class lies.
  public struct ClassRegions: Sendable, Equatable {
    /// How much of the picture it covers.
    public let share: ClassShare
    /// Its regions, by their first pixels row by row.
    public let regions: [Region]
    /// COCO's compressed `counts`.
    public let runLengths: String
  }

  /// The JSON text: a line for each region.
  public var json: [UInt8] {
    var text: [UInt8] = []
    func write(_ part: String) { text.append(contentsOf: part.utf8) }
    func writeRing(_ ring: [RegionCorner]) {
      write("[")
      for (index, corner) in ring.enumerated() { write("\(index > 0 ? "," : "")[\(corner.x),\(corner.y)]") }
      write("]")
    }
    write("{\n  \"input\": \(Self.quoted(input)),\n  \"width\": \(width),\n  \"height\": \(height),\n")
    write("  \"classes\": [")
    for (index, entry) in classes.enumerated() {
      write(index > 0 ? ",\n    {" : "\n    {")
      write("\"index\": \(entry.share.index), \"name\": \(Self.quoted(entry.share.name)), ")
      write("\"pixels\": \(entry.share.pixels), \"share\": \(entry.share.share),\n")
      write(
        "     \"rle\": {\"size\": [\(height), \(width)], \"counts\": \(Self.quoted(entry.runLengths))},\n")
      write("     \"regions\": [")
      for (index, region) in entry.regions.enumerated() {
        let box = region.box
        write(index > 0 ? ",\n       {" : "\n       {")
        write(
          "\"area\": \(region.area), \"box\": [\(box.x), \(box.y), \(box.width), \(box.height)], \"polygon\": ["
        )
        for (index, ring) in region.polygon.enumerated() {
          if index > 0 { write(", ") }
          writeRing(ring)
        }
        write("]}")
      }
      write("]}")
    }
    write("\n  ]\n}\n")
    return text
  }

  /// A text as JSON has it.
  private static func quoted(_ text: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    // A text always has a JSON form.
    return (try? encoder.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
  }
}
