import Graphs
import Layers
import TensorCore

extension InspectedNetwork {
  /// How much less probable the class gets in the region when a patch is covered by the mean colour; each pixel has the
  /// mean of the patches that cover it. Patches overlap by half.
  func occlusion(
    _ target: ExplanationTarget, _ input: Tensor, patch: Int?, _ pool: ThreadPool,
    _ progress: (Int, Int) -> Void
  ) throws(InspectionError) -> Explanation {
    let shape = input.shape
    let (height, width) = (shape.height, shape.width)
    let side = patch ?? max(1, min(height, width) / 8)
    guard (1...min(height, width)).contains(side) else {
      throw .setting(name: "--patch", expected: "1…\(min(height, width)) pixels", found: "\(side)")
    }
    let model: InferenceModel
    do throws(GraphError) {
      model = try InferenceModel(graph, parameters: parameters, pool: pool)
    } catch {
      throw .graph(model: name, error)
    }
    func probabilities(_ input: Tensor) throws(InspectionError) -> (logits: Tensor, probabilities: Tensor) {
      do throws(GraphError) {
        let view = try model.run(input.shape) { $0.copy(from: input) }
        let logits = view.tensor()
        return (logits, view.softmax(pool: pool))
      } catch {
        throw .graph(model: name, error)
      }
    }
    let whole = try probabilities(input)
    guard whole.probabilities.withUnsafeElements({ $0.allSatisfy(\.isFinite) }) else {
      throw .notFinite(model: name, layer: graph.nodes[graph.outputs.first?.node ?? 0].name)
    }
    let pixels = try target.pixels(of: whole.logits)
    let score = target.mean(of: whole.probabilities, over: pixels)
    let (rows, columns) = (Self.starts(height, side), Self.starts(width, side))
    var sums = [Double](repeating: 0, count: height * width)
    var counts = [Int](repeating: 0, count: height * width)
    for (index, (top, left)) in rows.flatMap({ row in columns.map { (row, $0) } }).enumerated() {
      progress(index, rows.count * columns.count)
      var covered = input
      covered.withUnsafeMutableElements { elements in
        for row in top..<top + side {
          let start = (row * width + left) * shape.channels
          // 0 is the mean colour of a normalised image.
          for place in start..<start + side * shape.channels { elements[place] = 0 }
        }
      }
      let loss = score - target.mean(of: try probabilities(covered).probabilities, over: pixels)
      for row in top..<top + side {
        for column in left..<left + side {
          sums[row * width + column] += loss
          counts[row * width + column] += 1
        }
      }
    }
    return Explanation(
      method: .occlusion, layer: nil, classIndex: target.classIndex,
      map: ValueMap(
        rows: height, columns: width, values: zip(sums, counts).map { Float($0 / Double(max(1, $1))) }),
      gradient: nil, region: pixels, score: score)
  }

  /// Where patches start that cover a side: half a patch apart, the last at the end.
  private static func starts(_ length: Int, _ side: Int) -> [Int] {
    let last = length - side
    var starts = Array(stride(from: 0, to: last, by: max(1, side / 2)))
    starts.append(last)
    return starts
  }
}
