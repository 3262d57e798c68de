/// How a picture is cut: into rows and columns of tiles of one size.
struct TileLayout: Equatable {
  let rows: TileAxis
  let columns: TileAxis
  /// Whether what neighbouring tiles share leaves out all that the border of a tile can have changed.
  let coversReceptiveField: Bool

  /// The whole picture as one tile.
  init(width: Int, height: Int) {
    (rows, columns, coversReceptiveField) = (TileAxis(whole: height), TileAxis(whole: width), true)
  }

  private init(_ rows: Cut, _ columns: Cut) {
    (self.rows, self.columns) = (rows.axis, columns.axis)
    coversReceptiveField = rows.isCovered && columns.isCovered
  }

  /// Tiles.
  var count: Int { rows.count * columns.count }

  /// Pixels that the network sees in all.
  private var work: Int { count * rows.length * columns.length }

  /// The smallest side of a tile, in pixels.
  private static let leastLength = 64
  /// The most that tiles may see beyond their cores, as a share of their side: at a quarter on either side a network does
  /// four times the work.
  private static let margins = 4

  /// Ways to cut a picture into more than one tile, the best first: those whose margins cover the receptive field, by
  /// the work they make, then others, the largest tiles first.
  ///
  /// - Parameters:
  ///   - radius: pixels that the network sees on either side of a pixel.
  ///   - period: pixels after which the network's grid repeats.
  static func candidates(width: Int, height: Int, radius: Int, period: Int) -> [TileLayout] {
    let rows = Cut.all(of: height, radius: radius, period: period)
    let columns = Cut.all(of: width, radius: radius, period: period)
    let layouts = rows.flatMap { row in columns.map { TileLayout(row, $0) } }.filter { $0.count > 1 }
    let covered = layouts.filter(\.coversReceptiveField).sorted { ($0.work, $0.count) < ($1.work, $1.count) }
    let others = layouts.filter { !$0.coversReceptiveField }.sorted {
      ($1.rows.length * $1.columns.length, $0.work) < ($0.rows.length * $0.columns.length, $1.work)
    }
    return covered + others
  }

  /// One side, cut.
  private struct Cut {
    let axis: TileAxis
    let isCovered: Bool

    /// The side as a whole, and in ever more parts.
    static func all(of extent: Int, radius: Int, period: Int) -> [Cut] {
      var cuts = [Cut(axis: TileAxis(whole: extent), isCovered: true)]
      let margin = TileAxis.roundedUp(radius, period)
      let least = max(leastLength, 4 * period)
      // What sees less around a pixel than the network was made to see is no answer any more.
      let leastShared = max(least, TileAxis.roundedUp(2 * radius, period))
      var count = 2
      while count <= max(2, extent / (least / 4)) {
        defer { count += max(1, count / 8) }
        let covered = TileAxis(extent: extent, count: count, margin: margin, blend: period, period: period)
        if let covered, covered.length >= max(least, margins * margin) {
          cuts.append(Cut(axis: covered, isCovered: true))
          continue
        }
        // An eighth of a tile for each margin, and for the way from one core to the next.
        let length = 8 * extent / (8 * count - 3 * (count - 1))
        let share = TileAxis.roundedUp(length / 8, period)
        if let shared = TileAxis(extent: extent, count: count, margin: share, blend: share, period: period),
          shared.length >= leastShared
        {
          cuts.append(Cut(axis: shared, isCovered: false))
        }
      }
      return cuts
    }
  }
}
