import Graphs
import Images
import Layers
import TensorCore

/// The mean of the class probabilities that models give for the views of a picture, or of a part of it.
struct ViewMean {
  let ensemble: ModelEnsemble
  let views: [View]
  let pool: ThreadPool

  /// Whether there is one model and one view, whose logits say it all.
  var isPlain: Bool { ensemble.members.count == 1 && views.count == 1 }

  /// The logits of the one model for the one view; they lie in its plan until the next run.
  func logits(of picture: Raster, name: String) throws(InferenceError) -> TensorView {
    try logits(ensemble.first, picture, name)
  }

  /// `[1, H, W, C]` for a picture of H × W pixels.
  func probabilities(of picture: Raster, name: String) throws(InferenceError) -> Tensor {
    var sum: Tensor?
    for model in ensemble.members {
      for view in views {
        let seen = picture.resized(width: view.scaled(picture.width), height: view.scaled(picture.height))
          .mirrored(horizontally: view.isMirrored, vertically: view.isUpsideDown)
        var found = try logits(model, seen, name).softmax(pool: pool)
        if found.shape.height != picture.height || found.shape.width != picture.width {
          found = found.resized(height: picture.height, width: picture.width, pool: pool)
        }
        guard var total = sum.take() else {
          // The first view is the plain one.
          sum = found
          continue
        }
        total.add(found, of: view, pool: pool)
        sum = total
      }
    }
    let count = Float(ensemble.members.count * views.count)
    if count > 1 { sum?.multiply(by: 1 / count) }
    return sum ?? Tensor(zeros: [1, picture.height, picture.width, ensemble.classes.count])
  }

  private func logits(_ model: LoadedModel, _ picture: Raster, _ name: String) throws(InferenceError)
    -> TensorView
  {
    let shape = Shape(batch: 1, height: picture.height, width: picture.width, channels: 3)
    do throws(GraphError) {
      return try model.network.run(shape) { model.write(picture, into: $0) }
    } catch {
      throw .graph(name: name, error)
    }
  }
}

extension Tensor {
  /// The first image at another size.
  fileprivate func resized(height: Int, width: Int, pool: ThreadPool) -> Tensor {
    var source = self
    return source.withUnsafeMutableElements { elements in
      elements.baseAddress.map {
        TensorView($0, shape: shape).resized(height: height, width: width, pool: pool)
      }
    } ?? Tensor(zeros: shape.with(height: height, width: width))
  }

  /// Adds what a view showed, each pixel at its place in the picture.
  fileprivate mutating func add(_ other: Tensor, of view: View, pool: ThreadPool) {
    let (height, width, channels) = (shape.height, shape.width, shape.channels)
    withUnsafeMutableElements { sum in
      guard let sum = sum.baseAddress else { return }
      other.withUnsafeElements { added in
        guard let added = added.baseAddress else { return }
        pool.forEachChunk(of: height, size: 16) { rows in
          for y in rows {
            let row = (view.isUpsideDown ? height - 1 - y : y) * width
            for x in 0..<width {
              let from = added + (row + (view.isMirrored ? width - 1 - x : x)) * channels
              let to = sum + (y * width + x) * channels
              for channel in 0..<channels { to[channel] += from[channel] }
            }
          }
        }
      }
    }
  }

  fileprivate mutating func multiply(by factor: Float) {
    withUnsafeMutableElements { elements in
      for index in elements.indices { elements[index] *= factor }
    }
  }
}
