import Foundation
import Images

/// Pictures with headings, captions and scales on one sheet: what every inspection draws.
public struct PictureSheet: Sendable {
  /// A picture with a line under it.
  public struct Tile: Sendable {
    /// What stands under it.
    public let caption: String
    /// The picture.
    public let picture: Raster

    /// A picture with a caption, which may be empty.
    public init(_ caption: String, _ picture: Raster) { (self.caption, self.picture) = (caption, picture) }
  }

  /// Pictures of one kind.
  public struct Section: Sendable {
    /// What stands above them.
    public let heading: String
    /// The pictures.
    public let tiles: [Tile]
    /// What their colours stand for.
    public let scale: ColorScale?
    /// How many stand in a row; as many as fit, if `nil`.
    public let columns: Int?
    /// Colours with what they stand for, below the pictures.
    public let keys: [Key]

    /// Pictures under a heading.
    public init(
      _ heading: String, _ tiles: [Tile], scale: ColorScale? = nil, columns: Int? = nil, keys: [Key] = []
    ) {
      (self.heading, self.tiles, self.scale, self.columns) = (heading, tiles, scale, columns)
      self.keys = keys
    }
  }

  /// A colour with what it stands for.
  public struct Key: Sendable, Equatable {
    /// The colour.
    public let color: Color
    /// What it stands for.
    public let text: String

    /// A colour that stands for something.
    public init(_ color: Color, _ text: String) { (self.color, self.text) = (color, text) }
  }

  /// What stands at the top.
  public let title: String
  /// Lines under the title.
  public let notes: [String]
  /// The pictures.
  public let sections: [Section]
  /// Pixels that a row of tiles may take where nobody says how many stand in it.
  public let widest: Int

  /// A sheet.
  public init(title: String, notes: [String] = [], sections: [Section], widest: Int = 1200) {
    (self.title, self.notes, self.sections, self.widest) = (title, notes, sections, widest)
  }

  /// How the names of its files may end.
  public static let endings = [".png", ".html"]

  /// Throws unless a file name ends as one of `endings`.
  public static func check(path: String) throws(InspectionError) {
    guard endings.contains(where: path.lowercased().hasSuffix) else { throw .ending(path: path) }
  }

  /// The bytes of a file of that name: a PNG, or one HTML page that holds everything.
  ///
  /// - Throws: `InspectionError.ending` for a name that ends in neither, and `.image` for a sheet too large for a PNG.
  public func bytes(for path: String) throws(InspectionError) -> [UInt8] {
    try Self.check(path: path)
    do throws(ImageError) {
      return path.lowercased().hasSuffix(".png") ? try PictureWriter.png(picture()) : Array(try html().utf8)
    } catch {
      throw .image(error)
    }
  }
}

extension PictureSheet.Section {
  /// The width and height of the largest tile, in pixels.
  var tileSize: (width: Int, height: Int) {
    (tiles.map(\.picture.width).max() ?? 0, tiles.map(\.picture.height).max() ?? 0)
  }

  /// Whether any tile has a caption.
  var hasCaptions: Bool { tiles.contains { !$0.caption.isEmpty } }
}
