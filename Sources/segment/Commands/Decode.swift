import ArgumentParser
import Images
import TensorCore
import Weights

/// `segment decode IMAGE --output OUT.safetensors`
struct Decode: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes what the reader saw of an image, for finding out why a result looks wrong.",
    discussion: """
      Tensor 'image' [H, W, C], U8 or U16 as the file holds them, palette and tRNS expanded, EXIF orientation applied.
      """)

  @Argument(help: "A PNG or JPEG image.")
  var image: String

  @Option(help: "The safetensors file to write.")
  var output: String

  @OptionGroup var limitOptions: LimitOptions

  func run() throws {
    let raster = try ImageReader.read(image, limits: limitOptions.limits)
    let shape: Shape = [raster.height, raster.width, raster.channels]
    let item =
      switch raster.samples {
      case .eight(let samples): SafetensorsItem("image", bytes: samples, shape: shape)
      case .sixteen(let samples): SafetensorsItem("image", words: samples, shape: shape)
      }
    try SafetensorsWriter.write([item], to: output)
  }
}
