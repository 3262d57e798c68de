import Augmentation
import Datasets
import Files
import Graphs
import Images
import Layers
import TensorCore

extension Trainer {
  /// Samples of validation that pages show.
  private static let shownSamples = 4
  /// Pixels of the longer side of a picture on a page.
  private static let shownSide = 256

  /// Some samples of validation, spread evenly, with what the network makes of them.
  private func examples() throws(TrainingError) -> [PredictionExample] {
    guard let validation, validation.count > 0 else { return [] }
    let model = try resultingModel()
    let count = min(Self.shownSamples, validation.count)
    var examples: [PredictionExample] = []
    for number in 0..<count {
      let index = number * validation.count / count
      let batches = BatchPlan(
        source: validation, batchSize: 1, form: form, normalization: recipe.normalization)
      let loader = BatchLoader(batches, epoch: 0, startingAt: index, threads: 1, lookAhead: 1)
      guard let batch = try loader.following() else { continue }
      let sample: Sample
      do throws(DatasetError) { sample = try validation.sample(at: index) } catch { throw .data(error) }
      let logits = try model.logits(of: batch.images)
      let labels = logits.argMax(pool: pool)
      let name = validation.name(at: index)
      guard let truth = sample.mask else {
        let (wanted, found) = (sample.label ?? 0, logits.tensor().elements.indexOfLargest)
        let title = "\(validation.classes[wanted]), predicted \(validation.classes[found])"
        examples.append(PredictionExample(name: name, pictures: [(title, shown(sample.image))]))
        continue
      }
      let colors = Palette(palette.map { Color(red: $0[0], green: $0[1], blue: $0[2]) })
      let prediction = Mask(width: truth.width, height: truth.height, labels: labels)
      examples.append(
        PredictionExample(
          name: name,
          pictures: [
            ("image", shown(sample.image)), ("truth", shown(truth).colored(colors)),
            ("prediction", shown(prediction).colored(colors)),
          ]))
    }
    return examples
  }

  private func shown(_ picture: Raster) -> Raster {
    let (width, height) = Self.shownSize(picture.width, picture.height)
    return picture.resized(width: width, height: height)
  }

  private func shown(_ mask: Mask) -> Mask {
    let (width, height) = Self.shownSize(mask.width, mask.height)
    return mask.resized(width: width, height: height)
  }

  private static func shownSize(_ width: Int, _ height: Int) -> (Int, Int) {
    let longer = max(width, height)
    guard longer > shownSide else { return (width, height) }
    return (max(1, width * shownSide / longer), max(1, height * shownSide / longer))
  }

  /// Writes `history.html` and the events of an epoch.
  func report(on record: EpochRecord) throws(TrainingError) {
    let examples = try examples()
    let best = history.max { $0.score < $1.score } ?? record
    var facts = [
      ("network", recipe.model), ("data", source.title),
      ("best epoch", "\(best.epoch), score \(short(best.score))"),
      ("epochs", "\(record.epoch) of \(recipe.epochs)"),
    ]
    if let validation { facts.insert(("validation", validation.title), at: 2) }
    let page = HistoryPage(
      title: recipe.name, facts: facts, classes: source.classes,
      palette: source.truth == .mask ? palette : [], history: history,
      confusion: record.scores?.confusion, examples: examples)
    let text: String
    do throws(ImageError) { text = try page.html() } catch { throw .data(.image(error)) }
    try output.write(Array(text.utf8), "history.html")
    try writeEvents(record, examples)
  }

  private func writeEvents(_ record: EpochRecord, _ examples: [PredictionExample]) throws(TrainingError) {
    guard let events else { return }
    // The last step of the epoch, which going on after the epoch does not make void.
    let step = record.epoch * recipe.steps(of: plan) - 1
    var values: [EventRecord.Value] = [
      .scalar("epoch/loss", Float(record.loss)), .scalar("epoch/score", Float(record.score)),
    ]
    for measure in record.measures where measure.value.isFinite {
      values.append(.scalar("validation/\(measure.name)", Float(measure.value)))
    }
    do throws(ImageError) {
      for example in examples {
        for (title, picture) in example.pictures {
          let png = try PictureWriter.png(picture)
          values.append(
            .image("\(example.name)/\(title)", png: png, width: picture.width, height: picture.height))
        }
      }
    } catch {
      throw .data(.image(error))
    }
    for (name, tensor) in store.tensors.sorted(by: { $0.key < $1.key }) {
      values.append(.histogram(name, tensor.elements))
    }
    events.add(values, step: step)
    try flushEvents()
  }

  /// Adds a step's loss and rate to the events.
  func addEvents(loss: Float, rate: Float, number: Int) {
    events?.add([.scalar("step/loss", loss), .scalar("step/rate", rate)], step: number)
  }

  /// Opens the event file, if the recipe wants one.
  func openEvents() throws(TrainingError) {
    guard recipe.loop.writesEvents else { return }
    do throws(FileError) {
      events = try EventFile(
        folder: output.path("events"), step: history.count * recipe.steps(of: plan) + progress.step)
    } catch {
      throw .file(error)
    }
  }

  /// Writes the events so far.
  func flushEvents() throws(TrainingError) {
    do throws(FileError) { try events?.flush() } catch { throw .file(error) }
  }
}

extension [Float] {
  /// The first of the largest.
  fileprivate var indexOfLargest: Int { indices.reduce(0) { self[$1] > self[$0] ? $1 : $0 } }
}
