/// What a JSON file of COCO holds (Lin et al. 2014, arXiv:1405.0312), as far as masks need it.
struct CocoFile {
  struct Picture {
    var id: Int?
    var name = ""
    var width = 0
    var height = 0
  }

  struct Annotation {
    var id = 0
    var picture = 0
    var category = 0
    var isCrowd = false
    var area: Double?
    var region: ShapeObject.Region?
    /// Of the region, where it tells.
    var size: PixelSize?
  }

  var pictures: [Picture] = []
  var annotations: [Annotation] = []
  var categories: [Int: String] = [:]

  /// Bytes that a file may have.
  static let limit = 1 << 31

  /// Reads a text; `file` is what messages call it.
  ///
  /// - Throws: `DatasetError` for a text that is no JSON, and for values of other kinds than they should be.
  init(_ bytes: [UInt8], file: String) throws(DatasetError) {
    var reader = JSONReader(bytes, file: file)
    var (pictures, annotations, categories) = ([Picture](), [Annotation](), [Int: String]())
    try reader.object { (reader, key) throws(DatasetError) in
      switch key {
      case "images":
        try reader.list { (reader) throws(DatasetError) in pictures.append(try Self.picture(&reader)) }
      case "annotations":
        try reader.list { (reader) throws(DatasetError) in annotations.append(try Self.annotation(&reader)) }
      case "categories":
        try reader.list { (reader) throws(DatasetError) in
          var (id, name) = (0, "")
          try reader.object { (reader, key) throws(DatasetError) in
            switch key {
            case "id": id = try reader.integer()
            case "name": name = try reader.text()
            default: try reader.skip()
            }
          }
          categories[id] = name
        }
      default: try reader.skip()
      }
    }
    try reader.end()
    (self.pictures, self.annotations, self.categories) = (pictures, annotations, categories)
  }

  private static func picture(_ reader: inout JSONReader) throws(DatasetError) -> Picture {
    var picture = Picture()
    try reader.object { (reader, key) throws(DatasetError) in
      switch key {
      case "id": picture.id = try reader.integer()
      case "file_name": picture.name = try reader.text()
      case "width": picture.width = try reader.integer()
      case "height": picture.height = try reader.integer()
      default: try reader.skip()
      }
    }
    return picture
  }

  private static func annotation(_ reader: inout JSONReader) throws(DatasetError) -> Annotation {
    var annotation = Annotation()
    try reader.object { (reader, key) throws(DatasetError) in
      switch key {
      case "id": annotation.id = try reader.integer()
      case "image_id": annotation.picture = try reader.integer()
      case "category_id": annotation.category = try reader.integer()
      case "iscrowd": annotation.isCrowd = try reader.integer() != 0
      case "area": annotation.area = try reader.number()
      case "segmentation":
        switch try reader.kind() {
        case .list:
          var polygons: [[Float]] = []
          try reader.list { (reader) throws(DatasetError) in
            var points: [Float] = []
            try reader.list { (reader) throws(DatasetError) in points.append(Float(try reader.number())) }
            polygons.append(points)
          }
          annotation.region = .polygons(polygons)
        case .object: try runs(&reader, &annotation)
        default: try reader.skip()
        }
      default: try reader.skip()
      }
    }
    return annotation
  }

  /// `{"size": [HEIGHT, WIDTH], "counts": …}`, compressed or not.
  private static func runs(
    _ reader: inout JSONReader, _ annotation: inout Annotation
  ) throws(DatasetError) {
    var (sides, counts) = ([Int](), [Int]?.none)
    try reader.object { (reader, key) throws(DatasetError) in
      switch key {
      case "size": try reader.list { (reader) throws(DatasetError) in sides.append(try reader.integer()) }
      case "counts":
        if try reader.kind() == .text {
          counts = RunLengths.decode(try reader.text())
        } else {
          var lengths: [Int] = []
          try reader.list { (reader) throws(DatasetError) in lengths.append(try reader.integer()) }
          counts = lengths
        }
      default: try reader.skip()
      }
    }
    annotation.region = counts.map { .runs($0) }
    if sides.count == 2 { annotation.size = PixelSize(width: sides[1], height: sides[0]) }
  }
}
