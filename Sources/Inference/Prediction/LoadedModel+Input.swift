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
        let (mean, deviation) = (normalization.mean[0], normalization.deviation[0])
        for pixel in 0..<input.pixels {
          let luma = Float(Self.luma(base + 3 * pixel))
          input.pointer[pixel] = (luma / 255 - mean) / deviation
        }
      } else {
        normalization.apply(base, pixels: input.pixels, into: input.pointer)
      }
    }
  }

  /// 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601), rounded as in Pillow; gray stays as it is.
  static func luma(_ rgb: UnsafePointer<UInt8>) -> UInt8 {
    let sum = UInt32(rgb[0]) * 19595 + UInt32(rgb[1]) * 38470 + UInt32(rgb[2]) * 7471 + 32768
    return UInt8(truncatingIfNeeded: sum >> 16)
  }
}
