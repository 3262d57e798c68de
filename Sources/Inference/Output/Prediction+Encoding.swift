import Images
import TensorCore
import Weights

extension Prediction {
  /// The files of the result in one format: one, or one for each class.
  ///
  /// - Parameter input: what the JSON calls the picture.
  /// - Throws: `InferenceError` when it cannot be encoded.
  public func files(as format: ResultFormat, input: String) throws(InferenceError) -> [ResultFile] {
    guard format == .probabilityMaps else {
      return [ResultFile(suffix: format.suffix, bytes: try encoded(as: format, input: input))]
    }
    do throws(ImageError) {
      return try probabilityMaps()
    } catch {
      throw .image(error)
    }
  }

  private func encoded(as format: ResultFormat, input: String) throws(InferenceError) -> [UInt8] {
    do throws(ImageError) {
      switch format {
      case .mask: return try maskPicture()
      case .color: return try colorPicture()
      case .overlay: return try overlayPicture()
      case .cutout: return try cutoutPicture()
      case .json, .probabilities, .probabilityMaps: break
      }
    } catch {
      throw .image(error)
    }
    return format == .json ? PredictionDescription(self, input: input).json : try probabilityBytes()
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
