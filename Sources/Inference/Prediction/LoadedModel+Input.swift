import Images
import TensorCore

extension LoadedModel {
  /// Throws unless the network reads colour or gray.
  func checkChannels() throws(InferenceError) {
    guard network.channels == 3 || network.channels == 1 else {
      throw .channels(model: name, found: network.channels)
    }
  }

  /// Writes a picture of the size of `input` as the network reads it: colour, or luma for a network of one channel.
  func write(_ picture: Raster, into input: TensorView) {
    guard case .eight(let samples) = picture.rgb8().samples else { return }
    samples.withUnsafeBufferPointer { source in
      guard let base = source.baseAddress else { return }
      if network.channels == 1 {
        normalization.applyLuma(base, pixels: input.pixels, into: input.pointer)
      } else {
        normalization.apply(base, pixels: input.pixels, into: input.pointer)
      }
    }
  }
}
