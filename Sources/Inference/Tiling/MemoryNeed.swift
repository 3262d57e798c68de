import Graphs
import Images
import TensorCore

/// What a prediction takes, in bytes, by the sizes of the picture and of its tiles.
///
/// Everything is counted as if nothing were in memory yet, for eight threads, so that the same picture is cut alike
/// whatever ran before and on whatever machine.
struct MemoryNeed {
  let ensemble: ModelEnsemble
  let views: [View]
  let wantsProbabilities: Bool
  let needsProbabilities: Bool
  private let classes: Int
  /// The picture, the mask, and what the process takes for itself.
  private let fixed: Int

  /// The program with its libraries.
  static let process = 48 << 20

  /// - Parameters:
  ///   - wantsProbabilities: whether those of the whole picture are kept.
  ///   - needsProbabilities: whether a mask is made from probabilities, and not from one network's logits.
  init(
    _ ensemble: ModelEnsemble, views: [View], picture: Raster, wantsProbabilities: Bool,
    needsProbabilities: Bool
  ) {
    (self.ensemble, self.views) = (ensemble, views)
    (self.wantsProbabilities, self.needsProbabilities) = (wantsProbabilities, needsProbabilities)
    classes = ensemble.first.network.classes
    let pixels = picture.width * picture.height
    // Parameters lie in the checkpoint and in the network.
    let parameters = 2 * ensemble.members.reduce(0) { $0 + $1.network.parameterBytes }
    fixed = Self.process + parameters + picture.bytes + pixels
  }

  /// Bytes for a way to cut the picture, when the models' plans take `plans`.
  func bytes(_ layout: TileLayout, plans: Int) -> Int {
    let (height, width) = (layout.rows.length, layout.columns.length)
    let floats = MemoryLayout<Float>.stride
    let tile = height * width
    var sum = fixed + plans + 3 * tile
    if layout.count > 1 {
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
