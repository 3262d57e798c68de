import CImageCodecs

/// What the statuses of a codec mean for one picture that it reads.
struct CodecFailure {
  let format: ImageFormat
  let name: String
  /// Of the file.
  let bytes: Int
  var (width, height) = (0, 0)
  /// Of a sample.
  var bits = 8

  /// The error of a status, with the codec's text; `nil` where all went well.
  func error(_ status: UInt32, _ text: String) -> ImageError? {
    switch status {
    case TESSERA_CODEC_OK.rawValue: nil
    case TESSERA_CODEC_CUT_OFF.rawValue: .cutOff(name: name, format: format, bytes: bytes)
    case TESSERA_CODEC_PRECISION.rawValue: .unsupportedPrecision(name: name, bits: bits)
    case TESSERA_CODEC_UNSUPPORTED.rawValue: .unsupported(name: name, format: format, reason: text)
    case TESSERA_CODEC_NO_MEMORY.rawValue: .notEnoughMemory(name: name, width: width, height: height)
    case TESSERA_CODEC_SYSTEM.rawValue: .file(.cannotRead(path: name, reason: text.lowercased()))
    default: .damaged(name: name, format: format, reason: text)
    }
  }

  /// Calls a function of the codec.
  ///
  /// - Throws: the error of its status.
  func check(_ body: (tessera_message) -> Int32) throws(ImageError) {
    let (status, text) = CodecMessage.collect(body)
    if let error = error(status, text) { throw error }
  }
}
