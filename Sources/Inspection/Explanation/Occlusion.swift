import Graphs
import Layers
import TensorCore

/// An image with patch after patch covered, several at a time in one batch.
private struct CoveredImage {
  let input: Tensor
  let side: Int
  /// The left upper pixels of all patches; patches overlap by half.
  let patches: [(row: Int, column: Int)]

  init(_ input: Tensor, side: Int) {
    (self.input, self.side) = (input, side)
    let (rows, columns) = (Self.starts(input.shape.height, side), Self.starts(input.shape.width, side))
    patches = rows.flatMap { row in columns.map { (row, $0) } }
  }

  /// Where patches start that cover a side: half a patch apart, the last at the end.
  private static func starts(_ length: Int, _ side: Int) -> [Int] {
    let last = length - side
    return Array(stride(from: 0, to: last, by: max(1, side / 2))) + [last]
  }

  /// Writes the image into each place of a batch, with these patches covered by the mean colour, which in a normalised
  /// image is 0; further places have it as it is.
  func write(_ patches: ArraySlice<(row: Int, column: Int)?>, to view: TensorView) {
    let shape = input.shape
    for image in 0..<view.shape.batch {
      let place = TensorView(
        view.pixel(image, 0, 0), shape: shape, pixelStride: view.pixelStride)
      place.copy(from: input)
      guard image < patches.count, let patch = patches[patches.startIndex + image] else { continue }
      for row in patch.row..<patch.row + side {
        for column in patch.column..<patch.column + side {
          place.pixel(0, row, column).update(repeating: 0, count: shape.channels)
        }
      }
    }
  }
}

extension InspectedNetwork {
  /// Images in a batch: enough that a layer's work is worth sharing among threads. Never a matter of their number, so
  /// that results are not.
  private static let occlusionBatch = 16

  /// How much less probable the class gets in the region when a patch is covered by the mean colour; each pixel has the
  /// mean of the patches that cover it.
  func occlusion(
    _ target: ExplanationTarget, _ input: Tensor, patch: Int?, _ pool: ThreadPool, _ budget: MemoryBudget,
    _ progress: (Int, Int) -> Void
  ) throws(InspectionError) -> Explanation {
    let (height, width) = (input.shape.height, input.shape.width)
    let side = patch ?? max(1, min(height, width) / 8)
    guard (1...min(height, width)).contains(side) else {
      throw .setting(name: "--patch", expected: "1…\(min(height, width)) pixels", found: "\(side)")
    }
    let covered = CoveredImage(input, side: side)
    let model: InferenceModel
    let batch: Shape
    do throws(GraphError) {
      model = try InferenceModel(graph, parameters: parameters, pool: pool, budget: budget)
      batch = try Self.batch(of: input.shape, images: covered.patches.count + 1, model)
    } catch {
      throw .graph(model: name, error)
    }
    // The image itself stands before its patches.
    let places = [nil] + covered.patches.map(Optional.some)
    var (pixels, score): ([Bool], Double) = ([], 0)
    var sums = [Double](repeating: 0, count: height * width)
    var counts = [Int](repeating: 0, count: height * width)
    for start in stride(from: 0, to: places.count, by: batch.batch) {
      progress(start, places.count)
      let part = places[start..<min(start + batch.batch, places.count)]
      let logits: TensorView
      do throws(GraphError) {
        logits = try model.run(batch) { covered.write(part, to: $0) }
      } catch {
        throw .graph(model: name, error)
      }
      let probabilities = logits.softmax(pool: pool)
      if start == 0 {
        let whole = TensorView(
          logits.pointer, shape: logits.shape.with(batch: 1), pixelStride: logits.pixelStride
        ).tensor()
        try check(whole)
        pixels = try target.pixels(of: whole)
        score = target.mean(of: probabilities, over: pixels)
      }
      for (image, place) in part.enumerated() {
        guard let place else { continue }
        let loss = score - target.mean(of: probabilities, image: image, over: pixels)
        for row in place.row..<place.row + side {
          for column in place.column..<place.column + side {
            sums[row * width + column] += loss
            counts[row * width + column] += 1
          }
        }
      }
    }
    return Explanation(
      method: .occlusion, layer: nil, classIndex: target.classIndex,
      map: ValueMap(
        rows: height, columns: width, values: zip(sums, counts).map { Float($0 / Double(max(1, $1))) }),
      grid: .pixels, gradient: nil, region: pixels, score: score)
  }

  /// The shape of a batch: as many images as there are and memory holds.
  private static func batch(of shape: Shape, images: Int, _ model: InferenceModel) throws(GraphError) -> Shape
  {
    var count = min(occlusionBatch, images)
    while count > 1, try model.bytes(for: shape.with(batch: count)) > model.budget.bytes {
      count = (count + 1) / 2
    }
    return shape.with(batch: count)
  }
}
