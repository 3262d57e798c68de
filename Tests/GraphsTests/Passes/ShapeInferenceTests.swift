import Graphs
import Layers
import TensorCore
import Testing

@Suite struct ShapeInferenceTests {
  @Test func putsTheRealSizeInPlaceOfTheNominal() throws {
    let graph = try network([1, 8, 8, 3]) { [try $0.conv(2, kernel: 3, stride: 2, "a").relu()] }
    #expect(try graph.inferShapes() == [[[1, 8, 8, 3]], [[1, 4, 4, 2]], [[1, 4, 4, 2]]])
    let shapes = try graph.inferShapes(["input": [3, 5, 7, 3]])
    #expect(shapes == [[[3, 5, 7, 3]], [[3, 3, 4, 2]], [[3, 3, 4, 2]]])
    #expect(shapes[Graph.Value(node: 1)] == [3, 3, 4, 2])
  }

  @Test(arguments: [[1, 8, 8, 4], [8, 8, 3], [1, 0, 8, 3], [1, 8, 8, 3, 1]])
  func refusesAnInputThatIsNoImageOfItsChannels(extents: [Int]) throws {
    let graph = try network([1, 8, 8, 3]) { [try $0.relu()] }
    let error = #expect(throws: GraphError.self) { try graph.inferShapes(["input": Shape(extents)]) }
    #expect(
      error?.description == "input: expected an input of [N, H, W, 3], found \(Shape(extents))")
  }

  @Test func namesTheNodeThatDoesNotTakeTheSize() throws {
    let graph = try network([1, 8, 8, 3]) { image in
      [try image.maxPool(kernel: 2, stride: 2).maxPool(kernel: 2, stride: 2)]
    }
    let error = #expect(throws: GraphError.self) { try graph.inferShapes(["input": [1, 3, 8, 3]]) }
    #expect(
      error?.description == """
        max_pool2d_2: max_pool2d: expected a padded input of at least 2x2, found 1x4; use a larger image
        """)
  }

  @Test func givesEveryOutputOfANode() throws {
    let graph = try network([1, 4, 6, 2]) { image in
      [try image.maxPoolWithIndices(kernel: 2, stride: 2).indices]
    }
    #expect(try graph.inferShapes()[1] == [[1, 2, 3, 2], [1, 2, 3, 2]])
  }
}
