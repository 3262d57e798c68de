/// CamVid's eleven classes; the raw value is the label index.
enum StreetClass: UInt8, CaseIterable, Sendable {
  case sky, building, pole, road, pavement, tree, sign, fence, car, pedestrian, bicyclist

  /// The class's name in CamVid's tables.
  var name: String { String(describing: self) }

  /// The colour that CamVid's masks are usually shown in.
  var color: (UInt8, UInt8, UInt8) {
    switch self {
    case .sky: (128, 128, 128)
    case .building: (128, 0, 0)
    case .pole: (192, 192, 128)
    case .road: (128, 64, 128)
    case .pavement: (0, 0, 192)
    case .tree: (128, 128, 0)
    case .sign: (192, 128, 128)
    case .fence: (64, 64, 128)
    case .car: (64, 0, 128)
    case .pedestrian: (64, 64, 0)
    case .bicyclist: (0, 128, 192)
    }
  }
}
