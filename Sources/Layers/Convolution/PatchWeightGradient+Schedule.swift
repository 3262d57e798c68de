extension PatchWeightGradient {
  /// Rows of a task, `[KH][KW][channel]`: whole taps, or a block of the channels of one tap.
  struct RowBlock {
    let taps: Range<Int>
    let channels: Range<Int>
    var count: Int { taps.count * channels.count }
    /// Elements from a copied pixel to the next: an odd number of lines, so that pixels use all of the cache.
    var pitch: Int { ((count + 15) / 16 | 1) * 16 }
  }

  /// What a task multiplies: rows and columns of one group.
  struct Block {
    let group: Int
    let rows: RowBlock
    let columns: Range<Int>
  }

  /// How the work is cut, by the sizes of the layer alone.
  struct Schedule {
    let blocks: [Block]
    /// Parts that the pixels of each block are cut into.
    let parts: Int
    /// Rows of the largest block.
    let rows: Int
    /// Elements from a copied pixel of rows to the next, at most.
    let pitch: Int
    /// Columns of the largest block, with those that fill up its last panel.
    let columns: Int

    /// Rows of a task at most: enough for the 147 of a first layer of 7×7 taps, which are copied fastest whole, and
    /// for sums and copies together to fit a second-level cache of 1 MiB.
    private static let blockRows = 320
    /// Columns of a task at most; half as many where tasks are few and hard to share.
    private static let blockColumns = 256
    /// Pixels multiplied at a time, at most: a panel of columns and a line of each row fit the first-level cache.
    static let chunkPixels = 160
    /// Tasks that suffice to share the work evenly.
    private static let tasks = 16

    /// - Parameters:
    ///   - rowChannels: channels of a group that rows have for each tap.
    ///   - columnChannels: those that columns are.
    ///   - kernelWidth: columns of the register kernel; 0 where there is none.
    init(_ geometry: ConvolutionGeometry, rowChannels: Int, columnChannels: Int, kernelWidth: Int) {
      let rows = Self.rowBlocks(taps: geometry.taps, channels: rowChannels)
      func blocks(of size: Int) -> [Block] {
        let columns = stride(from: 0, to: columnChannels, by: size).map {
          $0..<min(columnChannels, $0 + size)
        }
        return (0..<geometry.groups).flatMap { group in
          rows.flatMap { rows in columns.map { Block(group: group, rows: rows, columns: $0) } }
        }
      }
      func parts(_ blocks: Int) -> Int {
        let wanted = (Self.tasks + blocks - 1) / blocks
        return min(wanted, max(1, geometry.outputPixels / (8 * Self.chunkPixels)))
      }
      let wide = blocks(of: Self.blockColumns)
      // Narrow blocks copy each row more often; that is worth it only where two or four threads would wait for one.
      let tasks = wide.count * parts(wide.count)
      let isUneven = tasks < Self.tasks && tasks % 4 != 0
      self.blocks = isUneven ? blocks(of: Self.blockColumns / 2) : wide
      self.parts = parts(self.blocks.count)
      self.rows = rows.map(\.count).max() ?? 0
      pitch = rows.map(\.pitch).max() ?? 0
      let widest = self.blocks.map(\.columns.count).max() ?? 0
      columns = kernelWidth > 0 ? (widest + kernelWidth - 1) / kernelWidth * kernelWidth : widest
    }

    private static func rowBlocks(taps: Int, channels: Int) -> [RowBlock] {
      guard channels < blockRows else {
        let pieces = (0..<channels).pieces(of: blockRows)
        return (0..<taps).flatMap { tap in pieces.map { RowBlock(taps: tap..<tap + 1, channels: $0) } }
      }
      return (0..<taps).pieces(of: blockRows / channels).map {
        RowBlock(taps: $0, channels: 0..<channels)
      }
    }
  }
}

extension Range<Int> {
  /// The range in the fewest pieces of at most `size`, of about equal size.
  func pieces(of size: Int) -> [Range<Int>] {
    let pieces = (count + size - 1) / size
    return (0..<pieces).map {
      lowerBound + $0 * count / pieces..<lowerBound + ($0 + 1) * count / pieces
    }
  }
}
