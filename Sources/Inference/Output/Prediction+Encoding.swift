import Files
import Images
import TensorCore
import Weights

extension Prediction {
  /// The files of the result in one format: one, or one for each class.
  ///
  /// - Parameter input: what the JSON calls the picture.
  public func files(as format: ResultFormat, input: String) -> [ResultFile] {
    if format == .probabilityMaps { return probabilityMaps() }
    return [
      ResultFile(suffix: format.suffix) { sink throws(InferenceError) in
        switch format {
        case .mask: try Self.image { () throws(ImageError) in try maskPicture(to: sink) }
        case .color: try Self.image { () throws(ImageError) in try colorPicture(to: sink) }
        case .overlay: try Self.image { () throws(ImageError) in try overlayPicture(to: sink) }
        case .cutout: try Self.image { () throws(ImageError) in try cutoutPicture(to: sink) }
        case .json:
          let json = PredictionDescription(self, input: input).json
          do throws(FileError) {
            try json.withUnsafeBufferPointer { json throws(FileError) in
              try sink(UnsafeRawBufferPointer(json))
            }
          } catch {
            throw .file(error)
          }
        case .probabilities: try writeProbabilities(to: sink)
        case .probabilityMaps: break
        }
      }
    ]
  }

  /// A 16-bit gray picture for each chosen class, or for each class.
  private func probabilityMaps() -> [ResultFile] {
    guard let probabilities else { return [] }
    return (chosenClasses ?? Array(classes.indices)).map { index in
      ResultFile(suffix: ResultFormat.mapSuffix(ofClass: index, of: classes)) { sink throws(InferenceError) in
        try Self.image { () throws(ImageError) in try probabilityMap(of: index, probabilities, to: sink) }
      }
    }
  }

  private func writeProbabilities(to sink: ByteSink) throws(InferenceError) {
    let values = probabilities ?? Tensor(zeros: [1, mask.height, mask.width, 0])
    let (pixels, count) = (mask.width * mask.height, classes.count)
    do throws(WeightsError) {
      try values.withUnsafeElements { values throws(WeightsError) in
        try SafetensorsWriter.write(
          "probabilities", shape: [count, mask.height, mask.width],
          metadata: ["classes": classes.joined(separator: ",")], to: sink
        ) { range, part in
          var place = range.lowerBound
          while place < range.upperBound {
            let (channel, first) = place.quotientAndRemainder(dividingBy: pixels)
            let run = min(pixels - first, range.upperBound - place)
            for index in 0..<run {
              part[place - range.lowerBound + index] = values[(first + index) * count + channel]
            }
            place += run
          }
        }
      }
    } catch {
      throw .weights(error)
    }
  }

  private static func image(_ body: () throws(ImageError) -> Void) throws(InferenceError) {
    do throws(ImageError) { try body() } catch { throw .image(error) }
  }
}
