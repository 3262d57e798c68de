import Foundation
import Images
import TensorCore
import Weights

extension Prediction {
  /// Share of the class colour in an overlay.
  static let overlayOpacity: Double = 0.5

  /// The bytes of the result in one format.
  ///
  /// - Parameter input: what the JSON calls the picture.
  /// - Throws: `InferenceError` when it cannot be encoded.
  public func encoded(as format: ResultFormat, input: String) throws(InferenceError) -> [UInt8] {
    do throws(ImageError) {
      switch format {
      case .mask:
        return try MaskWriter.png(mask, palette: palette)
      case .color:
        return try PictureWriter.png(mask.colored(palette))
      case .overlay:
        return try PictureWriter.png(
          Overlay.blend(picture, mask, palette: palette, opacity: Self.overlayOpacity))
      case .json, .probabilities:
        break
      }
    } catch {
      throw .image(error)
    }
    return format == .json ? Array(json(input: input)) : try probabilityBytes()
  }

  private func json(input: String) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let description = PredictionDescription(
      input: input, width: mask.width, height: mask.height, classes: summary)
    // Names, whole numbers and shares always have a JSON form.
    return (try? encoder.encode(description)) ?? Data()
  }

  private func probabilityBytes() throws(InferenceError) -> [UInt8] {
    let values = probabilities ?? Tensor(zeros: [1, mask.height, mask.width, 0])
    let planes = values.channelsFirst()
    do throws(WeightsError) {
      return try SafetensorsWriter.bytes(
        ["probabilities": planes.reshaped([classes.count, mask.height, mask.width])],
        metadata: ["classes": classes.joined(separator: ",")])
    } catch {
      throw .weights(error)
    }
  }
}

/// The content of `NAME.classes.json`.
public struct PredictionDescription: Sendable, Codable, Equatable {
  /// The picture's path.
  public let input: String
  /// Width in pixels.
  public let width: Int
  /// Height in pixels.
  public let height: Int
  /// Each class.
  public let classes: [ClassShare]
}
