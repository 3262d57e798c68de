import ArgumentParser
import Images
import TensorCore

/// What a picture may ask for before memory is taken for it.
struct LimitOptions: ParsableArguments {
  @Option(help: "The most pixels that an image may have.")
  var maxPixels = ImageLimits.standard.maxPixels

  @Option(help: "The most pixels along a side of an image.")
  var maxSide = ImageLimits.standard.maxSide

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The largest image file, such as 500MB or 4GiB. Default: 2GiB.", valueName: "size"))
  var maxFileSize: String?

  @Option(help: "The most scans of a progressive JPEG.")
  var maxScans = ImageLimits.standard.maxScans

  func validate() throws {
    for (name, value, most) in [
      ("--max-pixels", maxPixels, 1 << 40), ("--max-side", maxSide, 1_000_000),
      ("--max-scans", maxScans, 1_000_000),
    ] where !(1...most).contains(value) {
      throw ValidationError("\(name): expected 1…\(most), found \(value)")
    }
    if let maxFileSize, MemoryBudget(text: maxFileSize) == nil {
      throw ValidationError(
        "--max-file-size: expected a size such as 500MB, 4GiB or a number of bytes, found '\(maxFileSize)'")
    }
  }

  /// The limits.
  var limits: ImageLimits {
    var limits = ImageLimits(maxSide: maxSide, maxPixels: maxPixels, maxScans: maxScans)
    if let bytes = maxFileSize.flatMap(MemoryBudget.init(text:))?.bytes { limits.maxFileBytes = bytes }
    return limits
  }
}
