import Graphs
import Images
import Layers
import TensorCore

/// Gives every pixel of a picture a class.
public final class Predictor {
  /// The models it runs.
  public let ensemble: ModelEnsemble
  /// What was asked for.
  public let options: PredictionOptions
  /// The colours of the classes.
  public let palette: Palette
  /// Told, once for each size of picture, of what makes results worse than they could be.
  public var note: ((String) -> Void)?
  /// Asked between the tiles of a picture: ends the work on it.
  var stop: StopRequest?
  let pool: ThreadPool
  let mean: ViewMean
  /// The classes that were asked for, by index; `nil` for all.
  public let chosenClasses: [Int]?
  /// How pictures of the last sizes are cut.
  var knownCuts: [(request: CutRequest, cut: PictureCut)] = []

  /// A predictor; classes without a colour in the first checkpoint that has colours get VOC's.
  ///
  /// - Throws: `InferenceError` when a network does not read colour, or the options name a class that it has not or a
  ///   threshold for other than two classes.
  public init(
    _ ensemble: ModelEnsemble, options: PredictionOptions = PredictionOptions(), pool: ThreadPool
  ) throws(InferenceError) {
    for model in ensemble.members where model.network.channels != 3 {
      throw .channels(model: model.name, found: model.network.channels)
    }
    let classes = ensemble.classes
    if options.threshold != nil, classes.count != 2 {
      throw .threshold(model: ensemble.name, classes: classes.count)
    }
    (self.ensemble, self.options, self.pool) = (ensemble, options, pool)
    // A plan for each size of the views, and for another picture.
    let sizes = Set(View.all(options.views).map(\.quarters)).count
    for model in ensemble.members { model.network.keptPlans = sizes + 1 }
    mean = ViewMean(ensemble: ensemble, views: View.all(options.views), pool: pool)
    var chosen: Set<Int> = []
    for name in options.classes ?? [] { chosen.insert(try classes.index(ofClass: name, option: "--classes")) }
    chosenClasses = options.classes == nil ? nil : chosen.sorted()
    let colors = ensemble.members.map(\.checkpoint.palette).first { !$0.isEmpty } ?? []
    palette = Palette(
      (0..<min(256, ensemble.first.network.classes)).map { index in
        let color = index < colors.count ? colors[index] : []
        guard color.count == 3 else { return Palette.voc[UInt8(index)] }
        return Color(red: color[0], green: color[1], blue: color[2])
      })
  }

  /// A predictor of one network.
  ///
  /// - Throws: `InferenceError` as the other initialiser.
  public convenience init(
    _ model: LoadedModel, options: PredictionOptions = PredictionOptions(), pool: ThreadPool
  ) throws(InferenceError) {
    try self.init(ModelEnsemble(model), options: options, pool: pool)
  }

  /// The same predictor, which may run on another thread at the same time.
  func twin(on pool: ThreadPool) -> Predictor { Predictor(self, on: pool) }

  private init(_ other: Predictor, on pool: ThreadPool) {
    (ensemble, palette, self.pool) = (other.ensemble.twin(on: pool), other.palette, pool)
    (options, chosenClasses) = (other.options, other.chosenClasses)
    mean = ViewMean(ensemble: ensemble, views: other.mean.views, pool: pool)
    for (model, original) in zip(ensemble.members, other.ensemble.members) {
      model.network.keptPlans = original.network.keptPlans
    }
  }

  /// The class of every pixel of `picture`, at its own size, by the mean of the probabilities of all models and views.
  ///
  /// - Parameters:
  ///   - name: what errors call the picture.
  ///   - wantsProbabilities: whether the softmax of the logits is kept, `height · width · classes` numbers.
  ///   - progress: called after each tile of a picture that has several, with the tiles done and all.
  /// - Throws: `InferenceError` when the network does not take the size, or memory does not suffice.
  public func predict(
    _ picture: Raster, name: String, wantsProbabilities: Bool = false,
    progress: (_ done: Int, _ count: Int) -> Void = { _, _ in }
  ) throws(InferenceError) -> Prediction {
    try predict(
      picture, name: name, wantsProbabilities: wantsProbabilities, beside: MemoryBeside(), progress: progress)
  }

  /// As `predict`, for a picture that does not have all memory to itself.
  func predict(
    _ picture: Raster, name: String, wantsProbabilities: Bool, beside: MemoryBeside,
    progress: (_ done: Int, _ count: Int) -> Void
  ) throws(InferenceError) -> Prediction {
    let cut = try cut(picture, wantsProbabilities: wantsProbabilities, beside: beside, name: name)
    var output = PredictionOutput(
      width: picture.width, rows: 0..<picture.height, classes: ensemble.classes.count,
      threshold: options.threshold, collectsProbabilities: wantsProbabilities && cut.layout.count > 1)
    for (model, budget) in zip(ensemble.members, cut.budgets) { model.network.budget = budget }
    if cut.layout.count > 1 {
      try predictTiles(
        cut.layout, into: &output, name: name, progress,
        begin: { (_, _) throws(InferenceError) in (picture, 0) })
    } else {
      let rgb = picture.rgb8()
      if mean.isPlain && !wantsProbabilities && options.threshold == nil {
        // One model's largest logit is that of the largest probability, which need not be known.
        output.labels = try mean.logits(of: rgb, name: name).argMax(pool: pool)
      } else {
        output.set(try mean.probabilities(of: rgb, name: name), keeps: wantsProbabilities, pool: pool)
      }
    }
    keepChosen(&output.labels)
    var mask = Mask(width: picture.width, height: picture.height, labels: output.labels)
    mask.mergeRegions(smallerThan: options.minArea)
    return Prediction(
      mask: mask, source: picture, classes: ensemble.classes, palette: palette, chosenClasses: chosenClasses,
      probabilities: output.probabilities, hasSmallTiles: !cut.layout.coversReceptiveField)
  }
}

extension Predictor {
  /// Frees the memory that is kept for the next picture of a size.
  func releasePlans() {
    for model in ensemble.members { model.network.releasePlans() }
  }
}

extension Predictor {
  /// What pixels of none of the chosen classes become: the background, where the first class is called so and is not
  /// chosen, and else none.
  private var rest: UInt8 {
    let isBackground =
      ensemble.classes.first?.lowercased() == "background" && chosenClasses?.contains(0) == false
    return isBackground ? 0 : Prediction.noClass
  }

  /// Whether pixels can be of no class.
  var canHaveNoClass: Bool {
    chosenClasses != nil && rest == Prediction.noClass && ensemble.classes.count <= Int(Prediction.noClass)
  }

  /// Gives pixels of all but the chosen classes to the rest.
  func keepChosen(_ labels: inout [UInt8]) {
    guard let chosenClasses else { return }
    let rest = rest
    let kept = (0..<256).map { chosenClasses.contains($0) ? UInt8($0) : rest }
    labels.withUnsafeMutableBufferPointer { labels in
      for index in labels.indices { labels[index] = kept[Int(labels[index])] }
    }
  }
}
