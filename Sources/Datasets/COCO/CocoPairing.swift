import Files
import Foundation
import Images

/// The pictures that annotations name, with their objects.
enum CocoPairing {
  /// The pairs of a split in the order of the pictures' names.
  ///
  /// Classes are categories of the same name; the first one may be none, and is then that of pixels without an object.
  /// Objects of categories that are no classes are passed over.
  static func find(
    _ split: DatasetDescription.FileSplit, annotations path: String, root: String, classes: [String]
  ) -> FilePairs {
    var found = FilePairs()
    let coco: CocoFile
    do throws(DatasetError) {
      coco = try CocoFile(try contents("\(root)/\(path)"), file: path)
    } catch {
      found.problems = [error]
      return found
    }
    let names = Set(coco.categories.values)
    for name in classes.dropFirst() where !names.contains(name) {
      found.problems.append(
        .format(
          .annotation(
            file: path, place: "categories", expected: "a category '\(name)', a class of the description,",
            found: names.sorted().joined(separator: ", "))))
    }
    var labels: [Int: UInt8] = [:]
    for (id, name) in coco.categories {
      if let label = classes.firstIndex(of: name) { labels[id] = UInt8(label) }
    }
    let objects = Dictionary(grouping: coco.annotations, by: \.picture)
    found.problems += Self.problems(coco, objects, path)
    let prefix = split.images == "." ? "" : "\(split.images)/"
    for picture in coco.pictures.sorted(by: { ($0.name, $0.id ?? 0) < ($1.name, $1.id ?? 0) }) {
      let image = prefix + picture.name
      let size = PixelSize(width: picture.width, height: picture.height)
      guard let id = picture.id, !picture.name.isEmpty, Self.isLegal(size) else {
        found.problems.append(
          .format(
            .annotation(
              file: path, place: "images", expected: "'id', 'file_name', 'width' and 'height' of each",
              found: "'\(picture.name)' of \(size)")))
        continue
      }
      guard FileManager.default.fileExists(atPath: "\(root)/\(image)") else {
        found.problems.append(.format(.annotatedImage(image: image, file: path)))
        continue
      }
      var shapes: [ShapeObject] = []
      for object in objects[id] ?? [] {
        guard let label = labels[object.category] else {
          if coco.categories[object.category] == nil {
            found.problems.append(
              Self.problem(object, path, image, "a category of the file", "\(object.category)"))
          }
          continue
        }
        do throws(DatasetError) {
          shapes.append(try shape(object, label, size, path, image))
        } catch {
          found.problems.append(error)
        }
      }
      found.pairs.append(
        FilePair(
          image: image, mask: .shapes(ShapeMask(name: "\(path) (\(image))", size: size, objects: shapes))))
    }
    return found
  }

  /// Pictures that stand there twice, and objects of none.
  private static func problems(
    _ coco: CocoFile, _ objects: [Int: [CocoFile.Annotation]], _ file: String
  ) -> [DatasetError] {
    var (ids, names): (Set<Int>, Set<String>) = ([], [])
    var problems: [DatasetError] = []
    func report(_ place: String, _ expected: String, _ found: String) {
      problems.append(.format(.annotation(file: file, place: place, expected: expected, found: found)))
    }
    for picture in coco.pictures {
      if let id = picture.id, !ids.insert(id).inserted { report("images", "each 'id' once", "\(id) twice") }
      if !names.insert(picture.name).inserted {
        report("images", "each image once", "'\(picture.name)' twice")
      }
    }
    for (id, orphans) in objects.sorted(by: { $0.key < $1.key }) where !ids.contains(id) {
      report("annotation \(orphans[0].id)", "the 'id' of an image under 'image_id'", "\(id)")
    }
    return problems
  }

  private static func contents(_ path: String) throws(DatasetError) -> [UInt8] {
    do throws(FileError) { return try WholeFile.read(path, limit: CocoFile.limit) } catch {
      throw .file(error)
    }
  }

  private static func isLegal(_ size: PixelSize) -> Bool {
    let limits = ImageLimits.standard
    return (1...limits.maxSide).contains(size.width) && (1...limits.maxSide).contains(size.height)
      && size.width * size.height <= limits.maxPixels
  }

  private static func shape(
    _ object: CocoFile.Annotation, _ label: UInt8, _ size: PixelSize, _ file: String, _ image: String
  ) throws(DatasetError) -> ShapeObject {
    switch object.region {
    case .runs(let counts):
      if let other = object.size, other != size {
        throw problem(object, file, image, "runs of \(size) as the image", "\(other)")
      }
      guard RunLengths.fit(counts, size) else {
        throw problem(object, file, image, "runs of \(size.width * size.height) pixels together", "others")
      }
    case .polygons(let polygons):
      guard polygons.allSatisfy({ $0.count >= 6 && $0.count.isMultiple(of: 2) && $0.allSatisfy(\.isFinite) })
      else {
        throw problem(object, file, image, "outlines of three points or more", "another")
      }
    case nil: throw problem(object, file, image, "outlines or runs under 'segmentation'", "neither")
    }
    let region = object.region ?? .polygons([])
    return ShapeObject(
      id: object.id, label: label, isCrowd: object.isCrowd, area: object.area ?? region.area, region: region)
  }

  private static func problem(
    _ object: CocoFile.Annotation, _ file: String, _ image: String, _ expected: String, _ found: String
  ) -> DatasetError {
    .format(
      .annotation(file: file, place: "annotation \(object.id) of \(image)", expected: expected, found: found))
  }
}
