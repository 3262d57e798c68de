import Graphs
import Images
import Layers
import TensorCore

/// What decides how a picture is cut.
struct CutRequest: Equatable {
  let width: Int
  let height: Int
  let holding: PictureHolding
  let wantsProbabilities: Bool
  var beside = MemoryBeside()
}

/// What else is in memory while the network sees a picture, in bytes.
struct MemoryBeside: Equatable {
  /// What making the results takes.
  var results = 0
  /// What pictures that wait may take, which grows with the budget.
  var waiting: WaitingShare?

  /// In all, when there is room for so many bytes.
  func bytes(within budget: Int) -> Int { results + (waiting?.bytes(within: budget) ?? 0) }

  /// The least budget that has room for something that needs `bytes` with these others beside it when there is room for
  /// `budget`.
  func budget(for bytes: Int, within budget: Int) -> Int {
    guard let waiting else { return bytes }
    let alone = bytes - waiting.bytes(within: budget)
    // alone + (x - fixed) / 4 - own = x, unless nothing may wait.
    return max(alone, (4 * (alone - waiting.own) - waiting.fixed) / 3 + 4)
  }
}

/// What pictures that wait may take while the network sees one: a quarter of what program and models leave, but for what
/// that one has of it itself, because of one that takes more there is no other.
struct WaitingShare: Equatable {
  /// Bytes of program and models.
  let fixed: Int
  /// Bytes of the picture and its results.
  let own: Int

  /// When there is room for so many bytes.
  func bytes(within budget: Int) -> Int { max(0, max(0, budget - fixed) / 4 - own) }
}

/// How a picture is cut.
struct PictureCut {
  let layout: TileLayout
  /// What the plans of each model may take.
  let budgets: [MemoryBudget]
  /// What it takes, all in all.
  let bytes: Int
}

extension Predictor {
  /// Runs tile by tile, row by row.
  ///
  /// - Parameters:
  ///   - output: where finished pixels go; it has the rows that a row of tiles finishes.
  ///   - begin: called before each row of tiles; gives a picture in which all rows that they see lie, and which row is
  ///     its first.
  ///   - end: called after each row of tiles.
  func predictTiles(
    _ layout: TileLayout, into output: inout PredictionOutput, name: String,
    _ progress: (_ done: Int, _ count: Int) -> Void,
    begin: (_ row: Int, inout PredictionOutput) throws(InferenceError) -> (picture: Raster, first: Int),
    end: (_ row: Int, inout PredictionOutput) throws(InferenceError) -> Void = {
      (_, _) throws(InferenceError) in
    }
  ) throws(InferenceError) {
    let (rows, columns) = (layout.rows, layout.columns)
    var stitcher = TileStitcher(rows: rows, columns: columns, classes: ensemble.classes.count)
    for row in 0..<rows.count {
      do {
        let (picture, first) = try begin(row, &output)
        for column in 0..<columns.count {
          if stop?.wasMade == true { throw InferenceError.stopped }
          let part = picture.reflectedPart(
            x: columns.origins[column], y: rows.origins[row] - first, width: columns.length,
            height: rows.length)
          var tile = try mean.probabilities(of: part.rgb8(), name: name)
          output.withWriter { writer in
            stitcher.add(&tile, row: row, column: column, pool: pool) { y, x, count, probabilities in
              writer.write(y, x, count, probabilities)
            }
          }
          progress(row * columns.count + column + 1, layout.count)
        }
      }
      try end(row, &output)
    }
    // The arena of a tile is not needed while results are written, which takes memory too.
    releasePlans()
  }

  /// How to cut a picture that is in memory.
  ///
  /// - Throws: `InferenceError.memory` when no tile is small enough.
  func cut(
    _ picture: Raster, wantsProbabilities: Bool, beside: MemoryBeside = MemoryBeside(), name: String
  ) throws(InferenceError) -> PictureCut {
    try cut(
      CutRequest(
        width: picture.width, height: picture.height, holding: .whole(bytes: picture.bytes),
        wantsProbabilities: wantsProbabilities, beside: beside), name: name)
  }

  /// How to cut a picture so that everything stays in the memory that there may be: not at all, if that fits.
  ///
  /// - Throws: `InferenceError.memory` when no tile is small enough.
  func cut(_ request: CutRequest, name: String) throws(InferenceError) -> PictureCut {
    if let known = knownCuts.first(where: { $0.request == request }) { return known.cut }
    let need = MemoryNeed(
      ensemble, views: mean.views, request, within: options.memory,
      needsProbabilities: !mean.isPlain || request.wantsProbabilities || options.threshold != nil)
    let found: (cut: PictureCut?, least: Int, leastCovered: Int)
    do throws(GraphError) {
      found = try fit(need, width: request.width, height: request.height)
    } catch {
      throw .graph(name: name, error)
    }
    guard let cut = found.cut else {
      throw .memory(
        name: name, width: request.width, height: request.height,
        needed: request.beside.budget(for: found.least, within: options.memory.bytes),
        budget: options.memory.bytes)
    }
    if !cut.layout.coversReceptiveField {
      let (rows, columns) = (cut.layout.rows.length, cut.layout.columns.length)
      let roomy = request.beside.budget(for: found.leastCovered, within: options.memory.bytes)
      note?(
        "\(name): tiles of \(columns)×\(rows) pixels are smaller than what the network sees around a pixel, so that "
          + "their borders may show; --max-memory \(roomy >> 20 + 1)MiB has room for larger ones"
      )
    }
    if knownCuts.count >= 8 { knownCuts.removeFirst() }
    knownCuts.append((request, cut))
    return cut
  }

  /// The first way to cut a picture that fits, the least that any way needs, and the least that one needs whose tiles
  /// cover the receptive field.
  private func fit(
    _ need: MemoryNeed, width: Int, height: Int
  ) throws(GraphError) -> (cut: PictureCut?, least: Int, leastCovered: Int) {
    func cut(_ layout: TileLayout) throws(GraphError) -> (cut: PictureCut?, bytes: Int, plans: Int) {
      let plans = try need.plans(height: layout.rows.length, width: layout.columns.length)
      let sum = plans.reduce(0, +)
      let bytes = need.bytes(layout, plans: sum)
      let spare = (options.memory.bytes - bytes) / plans.count
      guard spare >= 0 else { return (nil, bytes, sum) }
      return (
        PictureCut(layout: layout, budgets: plans.map { MemoryBudget(bytes: $0 + spare) }, bytes: bytes),
        bytes, sum
      )
    }
    let whole = try cut(TileLayout(width: width, height: height))
    var (smallest, least) = (TileLayout?.none, whole.bytes)
    if whole.cut != nil { return (whole.cut, least, least) }
    // Of the tiles that cover the field, those that seem to need least.
    var covering: (layout: TileLayout, guessed: Int)?
    func leastCovered() throws(GraphError) -> Int {
      guard let covering else { return whole.bytes }
      // What is told has to suffice by the guess, too, by which they would be passed over.
      return min(whole.bytes, max(covering.guessed, try cut(covering.layout).bytes))
    }
    // The plans of tiles are guessed from those of two sizes; looking at all would take too long.
    let sizes = [256, 512]
    let samples = try sizes.map { size throws(GraphError) in
      try need.plans(height: size, width: size).reduce(0, +)
    }
    let perPixel = Double(samples[1] - samples[0]) / Double(sizes[1] * sizes[1] - sizes[0] * sizes[0])
    let constant = Double(samples[0]) - perPixel * Double(sizes[0] * sizes[0])
    let (radius, period) = try receptiveRadius()
    for layout in TileLayout.candidates(width: width, height: height, radius: radius, period: period) {
      let guess = constant + perPixel * Double(layout.rows.length * layout.columns.length)
      let guessed = need.bytes(layout, plans: max(0, Int(guess)))
      if guessed < least { (smallest, least) = (layout, guessed) }
      if layout.coversReceptiveField && guessed < covering?.guessed ?? .max { covering = (layout, guessed) }
      if guessed > options.memory.bytes { continue }
      let exact = try cut(layout)
      if exact.cut != nil { return (exact.cut, exact.bytes, try leastCovered()) }
    }
    // What is told has to suffice, and a guess that was too high is no reason to refuse.
    guard let smallest else { return (nil, least, least) }
    let exact = try cut(smallest)
    return (exact.cut, exact.bytes, try leastCovered())
  }

  /// Pixels that the networks see on either side of a pixel, at most, and after which the grids of all repeat.
  private func receptiveRadius() throws(GraphError) -> (radius: Int, period: Int) {
    var (radius, period) = (0, 1)
    for model in ensemble.members {
      let graph = model.network.graph
      var field: ReceptiveField?
      if let output = graph.outputs.first { field = try graph.receptiveField(of: output) }
      let own = try graph.gridPeriod()
      period = period / greatestCommonDivisor(period, own) * own
      // Elements of coarse activations do not lie in the middle of what they see.
      radius = max(radius, (max(field?.height ?? 1, field?.width ?? 1) + own) / 2)
    }
    return (radius, period)
  }
}
