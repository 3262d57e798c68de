import Augmentation
import Images

/// The objects of a picture, drawn when the mask is asked for.
struct ShapeMask: Sendable, Equatable {
  /// What messages call the mask.
  let name: String
  /// As the annotations say.
  let size: PixelSize
  /// Crowds first, then from the largest to the smallest, so that what lies in front of others is seen.
  let objects: [ShapeObject]

  /// The mask of some objects in any order.
  init(name: String, size: PixelSize, objects: [ShapeObject]) {
    (self.name, self.size) = (name, size)
    self.objects = objects.sorted {
      ($0.isCrowd ? 0 : 1, -$0.area, $0.id) < ($1.isCrowd ? 0 : 1, -$1.area, $1.id)
    }
  }

  /// A class for every pixel: 0 where there is no object, ignored in crowds.
  func mask() -> Mask {
    var labels = [UInt8](repeating: 0, count: size.width * size.height)
    labels.withUnsafeMutableBufferPointer { labels in
      for object in objects {
        let label = object.isCrowd ? Sample.ignoredLabel : object.label
        object.forEachPixel(size) { labels[$0] = label }
      }
    }
    return Mask(width: size.width, height: size.height, labels: labels)
  }
}

/// One object.
struct ShapeObject: Sendable, Equatable {
  /// Where it is.
  enum Region: Sendable, Equatable {
    /// Outlines; a pixel inside of any belongs to it.
    case polygons([[Float]])
    /// Lengths of runs, which fit the picture.
    case runs([Int])
  }

  let id: Int
  let label: UInt8
  let isCrowd: Bool
  /// In pixels.
  let area: Double
  let region: Region

  func forEachPixel(_ size: PixelSize, _ body: (Int) -> Void) {
    switch region {
    case .polygons(let polygons): for polygon in polygons { PolygonFill.forEachPixel(polygon, size, body) }
    case .runs(let counts): RunLengths.forEachPixel(counts, size, body)
    }
  }
}

extension ShapeObject.Region {
  /// The area that it covers, in pixels; where outlines overlap, twice.
  var area: Double {
    switch self {
    case .runs(let counts):
      return Double(stride(from: 1, to: counts.count, by: 2).reduce(0) { $0 + counts[$1] })
    case .polygons(let polygons):
      return polygons.reduce(0) { sum, points in
        let count = points.count / 2
        // Gauss's formula.
        let twice = (0..<count).reduce(0.0) { twice, point in
          let next = (point + 1) % count
          return twice + Double(points[2 * point]) * Double(points[2 * next + 1])
            - Double(points[2 * next]) * Double(points[2 * point + 1])
        }
        return sum + abs(twice) / 2
      }
    }
  }
}
