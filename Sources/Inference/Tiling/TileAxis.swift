import Foundation

/// How one side of a picture is cut into tiles that overlap.
///
/// A tile's network sees zeros beyond its borders where the picture goes on. What it gives within `margin` pixels of such
/// a border is thrown away; what is left, its core, overlaps with those of its neighbours, and Gaussian weights lead
/// from one to the other (as in nnU-Net; Isensee et al. 2021, doi:10.1038/s41592-020-01008-z). At the border of the
/// picture a tile ends as the picture does.
package struct TileAxis: Equatable {
  /// Pixels of the picture.
  package let extent: Int
  /// Pixels of each tile.
  package let length: Int
  /// Pixels at a tile's inner borders that do not count.
  package let margin: Int
  /// The first pixel of each tile, multiples of the network's period.
  package let origins: [Int]

  /// The whole side as one tile.
  package init(whole extent: Int) {
    (self.extent, length, margin, origins) = (extent, extent, 0, [0])
  }

  /// Tiles as short as `count` of them can be whose cores overlap by `blend` pixels or more; `nil` when fewer do.
  /// `length`, `margin` and `blend` come in multiples of `period`; the last tile may go beyond the picture by less than
  /// one.
  package init?(extent: Int, count: Int, margin: Int, blend: Int, period: Int) {
    let (padded, overlap) = (Self.roundedUp(extent, period), 2 * margin + blend)
    let length = Self.roundedUp((padded + (count - 1) * overlap + count - 1) / count, period)
    guard count > 1, length < padded, length > overlap,
      (padded - overlap + length - overlap - 1) / (length - overlap) == count
    else { return nil }
    let steps = (padded - length) / period
    (self.extent, self.length, self.margin) = (extent, length, margin)
    origins = (0..<count).map { $0 * steps / (count - 1) * period }
  }

  /// The number of tiles.
  package var count: Int { origins.count }

  /// The pixels of the picture for which a tile counts.
  package func core(_ tile: Int) -> Range<Int> {
    let first = tile == 0 ? 0 : origins[tile] + margin
    return first..<(tile == count - 1 ? extent : origins[tile] + length - margin)
  }

  /// The pixels of a tile's core for which the next tile counts too; none of the last tile.
  func shared(_ tile: Int) -> Range<Int> {
    let core = core(tile)
    return (tile == count - 1 ? core.upperBound : self.core(tile + 1).lowerBound)..<core.upperBound
  }

  /// The pixels that are finished when a tile has come, and those before it: from where it counts to where the next one
  /// does.
  func finished(_ tile: Int) -> Range<Int> { core(tile).lowerBound..<shared(tile).lowerBound }

  /// The most pixels of a core, and the most that two tiles share.
  var largest: (core: Int, shared: Int) {
    (
      origins.indices.map { core($0).count }.max() ?? 0, origins.indices.map { shared($0).count }.max() ?? 0
    )
  }

  /// The weight of a tile at each pixel of its core: all tiles' weights for a pixel have the sum 1.
  package func weights(_ tile: Int) -> [Float] {
    let others = origins.indices.filter { $0 != tile && core($0).overlaps(core(tile)) }
    return core(tile).map { pixel in
      let sum = others.filter { core($0).contains(pixel) }.reduce(0) { $0 + bell($1, pixel) }
      let own = bell(tile, pixel)
      return Float(own / (own + sum))
    }
  }

  /// A Gaussian around the middle of a tile whose deviation is an eighth of its length.
  private func bell(_ tile: Int, _ pixel: Int) -> Double {
    let distance = Double(pixel - origins[tile]) + 0.5 - Double(length) / 2
    let units = distance / (Double(length) / 8)
    return exp(-units * units / 2)
  }

  static func roundedUp(_ value: Int, _ multiple: Int) -> Int { (value + multiple - 1) / multiple * multiple }
}
