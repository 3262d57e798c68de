import Graphs
import Layers
import Segmentation
import TensorCore
import TestSupport
import Testing

@Suite struct FCNTests {
  /// With scores of finer layers that start at 0 and upsampling that starts as interpolation, equal scores everywhere
  /// come out as they are, away from the border.
  @Test(arguments: FCN.Stride.allCases)
  func startsAsInterpolation(stride: FCN.Stride) throws {
    let graph = try FCN(stride, classes: 2, width: 1).graph()
    var parameters = try graph.initialParameters(seed: 1)
    parameters["score_fr.weight"] = Tensor(zeros: [2, 64, 1, 1])
    parameters["score_fr.bias"] = Tensor([3, -2], shape: [2])
    let model = try InferenceModel(graph, parameters: parameters, pool: ThreadPool(threads: 1))
    let output = try model.run(.random([1, 159, 130, 3], seed: 1))
    #expect(output.shape == [1, 159, 130, 2])
    for row in [64, 80, 95] {
      let pixel = (row * 130 + 65) * 2
      #expect(abs(output.elements[pixel] - 3) < 1e-5)
      #expect(abs(output.elements[pixel + 1] + 2) < 1e-5)
    }
  }
}
