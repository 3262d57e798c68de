import Files

extension FileKind {
  /// How a file of this kind, in place of a picture, is mended.
  var advice: String {
    switch self {
    case .picture: "convert it to PNG or JPEG"
    case .brokenPNG: "copy it again in binary mode"
    case .other, .text, .unknown: "check that this is the right file"
    }
  }
}
