/// Where the mask of an image comes from, as paths below the data's root.
enum MaskOrigin: Sendable, Equatable {
  /// A file that holds a value for every pixel.
  case file(String)
  /// Files that each show where one class is, painted one over the other.
  case layers([MaskLayer])
  /// Outlines and runs of pixels.
  case shapes(ShapeMask)

  /// What messages call the mask.
  var name: String {
    switch self {
    case .file(let path): path
    case .layers(let layers): layers.first?.path ?? ""
    case .shapes(let shapes): shapes.name
    }
  }

  /// The files that hold it, beside those that all images share.
  var files: [String] {
    switch self {
    case .file(let path): [path]
    case .layers(let layers): layers.map(\.path)
    case .shapes: []
    }
  }
}

/// A file whose pixels other than 0 are of one class.
struct MaskLayer: Sendable, Equatable {
  let path: String
  let label: UInt8
}

/// An image and its mask.
struct FilePair: Sendable, Equatable {
  /// Below the data's root.
  let image: String
  let mask: MaskOrigin
}

/// The pairs of a split, and everything that is wrong with the files' names.
struct FilePairs: Sendable, Equatable {
  var pairs: [FilePair] = []
  var problems: [DatasetError] = []
}
