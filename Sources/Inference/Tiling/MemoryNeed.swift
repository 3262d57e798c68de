import Graphs
import Images
import TensorCore

/// What of a picture is in memory while the network sees it.
enum PictureHolding: Equatable {
  /// All of it, its samples so many bytes, and its mask.
  case whole(bytes: Int)
  /// The rows that a row of tiles sees, the labels of those that it finishes, and what reading and writing takes.
  case strips(bytes: Int)
}

/// What a prediction takes, in bytes, by the sizes of the picture and of its tiles.
///
/// Everything is counted as if nothing were in memory yet, for eight threads, so that the same picture is cut alike
/// whatever ran before and on whatever machine.
struct MemoryNeed {
  let ensemble: ModelEnsemble
  let views: [View]
  /// Whether those of the whole picture are kept.
  let wantsProbabilities: Bool
  let needsProbabilities: Bool
  private let classes: Int
  /// What does not depend on the tiles.
  private let fixed: Int
  private let isByStrips: Bool

  /// The program with its libraries.
  static let process = 48 << 20

  /// - Parameters:
  ///   - needsProbabilities: whether a mask is made from probabilities, and not from one network's logits.
  init(
    _ ensemble: ModelEnsemble, views: [View], _ request: CutRequest, within budget: MemoryBudget,
    needsProbabilities: Bool
  ) {
    (self.ensemble, self.views) = (ensemble, views)
    (wantsProbabilities, self.needsProbabilities) = (request.wantsProbabilities, needsProbabilities)
    classes = ensemble.first.network.classes
    let program = Self.program(ensemble)
    let others = request.beside.bytes(within: budget.bytes)
    switch request.holding {
    case .whole(let bytes):
      fixed = program + bytes + request.width * request.height + others
      isByStrips = false
    case .strips(let bytes):
      fixed = program + bytes + others
      isByStrips = true
    }
  }

  /// Bytes of the program and the models, whose parameters lie in the checkpoint and in the network.
  static func program(_ ensemble: ModelEnsemble) -> Int {
    process + 2 * ensemble.members.reduce(0) { $0 + $1.network.parameterBytes }
  }

  /// Bytes for a way to cut the picture, when the models' plans take `plans`.
  func bytes(_ layout: TileLayout, plans: Int) -> Int {
    let (height, width) = (layout.rows.length, layout.columns.length)
    let floats = MemoryLayout<Float>.stride
    let tile = height * width
    var sum = fixed + plans + 3 * tile
    if isByStrips { sum += layout.columns.extent * (3 * height + layout.rows.largest.core) }
    if layout.count > 1 || isByStrips {
      sum +=
        TileStitcher.bytes(rows: layout.rows, columns: layout.columns, classes: classes) + tile * classes
        * floats
    }
    // A sum over views and models, what one of them gives, and what that is at the picture's size.
    if views.count * ensemble.members.count > 1 { sum += 3 * tile * classes * floats }
    if needsProbabilities && layout.count == 1 { sum += tile * classes * floats }
    if wantsProbabilities { sum += layout.rows.extent * layout.columns.extent * classes * floats }
    return sum
  }

  /// Bytes that each model's plans take for tiles of a size: those for all sizes of views are kept.
  func plans(height: Int, width: Int) throws(GraphError) -> [Int] {
    var sums: [Int] = []
    for model in ensemble.members {
      var sum = 0
      for quarters in Set(views.map(\.quarters)).sorted() {
        let view = View(quarters: quarters)
        let shape = Shape(batch: 1, height: view.scaled(height), width: view.scaled(width), channels: 3)
        sum += try model.network.bytes(for: shape)
      }
      sums.append(sum)
    }
    return sums
  }
}

extension Raster {
  /// Bytes of the samples.
  var bytes: Int {
    switch samples {
    case .eight(let samples): samples.count
    case .sixteen(let samples): 2 * samples.count
    }
  }
}
