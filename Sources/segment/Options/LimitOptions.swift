import ArgumentParser
import Images

/// What a picture may ask for before memory is taken for it.
struct LimitOptions: ParsableArguments {
  @Option(help: "The most pixels that an image may have.")
  var maxPixels = ImageLimits.standard.maxPixels

  @Option(help: "The most pixels along a side of an image.")
  var maxSide = ImageLimits.standard.maxSide

  @Option(help: "The most scans of a progressive JPEG.")
  var maxScans = ImageLimits.standard.maxScans

  func validate() throws {
    for (name, value, most) in [
      ("--max-pixels", maxPixels, 1 << 40), ("--max-side", maxSide, 1_000_000),
      ("--max-scans", maxScans, 1_000_000),
    ] where !(1...most).contains(value) {
      throw ValidationError("\(name): expected 1…\(most), found \(value)")
    }
  }

  /// The limits, those of a file's bytes as they are.
  var limits: ImageLimits { ImageLimits(maxSide: maxSide, maxPixels: maxPixels, maxScans: maxScans) }
}
