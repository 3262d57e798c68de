import Images
import TensorCore

/// Why a picture has to be in memory whole, where others go through it in strips.
public enum WholePictureReason: Sendable, Equatable {
  /// Formats that are made of the whole mask.
  case formats([ResultFormat])
  /// Regions are found in the whole mask.
  case minArea
  /// A file whose rows do not come from the top one by one.
  case rows(RowObstacle)
  /// A JPEG of several scans, whose coefficients are as large as the picture.
  case coefficients

  /// The reason for a picture with that header, if there is one.
  init?(
    _ header: ImageHeader, _ formats: [ResultFormat], minArea: Int, memory: MemoryBudget
  ) {
    let others = formats.filter { !$0.isByRows }
    if !others.isEmpty {
      self = .formats(others)
    } else if minArea > 1 {
      self = .minArea
    } else if let obstacle = header.rowObstacle {
      self = .rows(obstacle)
    } else if header.coefficientBytes > memory.bytesForPictures / 2 {
      self = .coefficients
    } else {
      return nil
    }
  }

  /// What lets the picture go through in strips.
  var advice: String {
    switch self {
    case .formats(let formats):
      "leave out --format \(formats.map(\.rawValue).joined(separator: ",")) (mask, color, overlay and cutout need strips "
        + "of a picture only)"
    case .minArea: "leave out --min-area, which needs the whole mask"
    case .rows(let obstacle): "\(obstacle.advice), so that it can be read in strips"
    case .coefficients: "save it as a baseline JPEG or a PNG, so that it can be read in strips"
    }
  }
}

extension MemoryBudget {
  /// What the program itself leaves.
  var bytesForPictures: Int { max(0, bytes - MemoryNeed.process) }

  /// Whether a picture takes so much of the memory, with its file and its mask, that it had better be in strips. A budget
  /// that has no room beside the program has none for strips either.
  func isTight(for header: ImageHeader, fileBytes: Int) -> Bool {
    bytesForPictures > 0
      && fileBytes + header.decodingBytes + header.width * header.height > bytesForPictures / 2
  }
}

extension InferenceError {
  /// The same error, which tells why a picture that has no room had to be in memory whole.
  func because(_ reason: WholePictureReason?) -> InferenceError {
    guard case .memory(let name, let width, let height, let needed, let budget, nil) = self else {
      return self
    }
    return .memory(
      name: name, width: width, height: height, needed: needed, budget: budget, reason: reason)
  }
}
