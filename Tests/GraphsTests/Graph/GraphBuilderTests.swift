import Graphs
import Layers
import TensorCore
import Testing

@Suite struct GraphBuilderTests {
  @Test func collectsNodesWithTheirShapes() throws {
    let builder = GraphBuilder()
    let image = try builder.input(nominal: [2, 8, 6, 3])
    let conv = try image.conv(5, kernel: 3, stride: 2, "conv")
    #expect(image.shape == [2, 8, 6, 3])
    #expect(conv.shape == [2, 4, 3, 5])
    #expect(conv.channels == 5)
    let graph = try builder.graph(outputs: [conv])
    #expect(graph.nodes.map(\.name) == ["input", "conv"])
    #expect(graph.outputs == [Graph.Value(node: 1)])
  }

  @Test func namesNodesWithoutParametersByTheirPlace() throws {
    let graph = try network([1, 4, 4, 3]) { image in
      [
        try image.relu().maxPool(kernel: 2, stride: 2).adding(image.maxPool(kernel: 2, stride: 2)).dropout(
          0.5)
      ]
    }
    #expect(
      graph.nodes.map(\.name) == ["input", "relu_1", "max_pool2d_2", "max_pool2d_3", "add_4", "dropout_5"])
  }

  @Test func saysWhichNodeDoesNotTakeItsInput() throws {
    let error = #expect(throws: GraphError.self) {
      try network([1, 2, 2, 3]) { [try $0.conv(4, kernel: 5, padding: 0, Scope("stem") / "conv")] }
    }
    #expect(
      error?.description
        == "stem.conv: conv2d: expected a padded input of at least 5x5, found 2x2; use a larger image")
  }

  @Test func refusesANameTwiceWhenTheGraphIsMade() throws {
    #expect(throws: GraphError.duplicateName("a")) {
      try network([1, 2, 2, 3]) { [try $0.conv(4, kernel: 1, "a").conv(4, kernel: 1, "a")] }
    }
  }

  @Test func scopesNestWithDots() {
    #expect((Scope("down1") / "maxpool_conv" / 1).description == "down1.maxpool_conv.1")
    #expect((Scope("") / "conv").description == "conv")
    #expect((Scope("") / 0 / 1).description == "0.1")
  }

  @Test func paddingKeepsTheSizeUnlessGiven() throws {
    let graph = try network([1, 9, 9, 2]) { image in
      let same = try image.conv(2, kernel: Pair(3, 5), dilation: Pair(2, 1), "same")
      return [same, try same.conv(2, kernel: 3, padding: 0, "valid")]
    }
    let shapes = try graph.inferShapes()
    #expect(shapes[1] == [[1, 9, 9, 2]])
    #expect(shapes[2] == [[1, 7, 7, 2]])
  }

  @Test func everyLayerReachesItsOperator() throws {
    let graph = try network([1, 8, 8, 4]) { image in
      let up = try image.transposedConv(2, kernel: 2, stride: 2, bias: false, "up")
      let pooled = try up.maxPoolWithIndices(kernel: 3, stride: 2, padding: 1).pooled
      let padded = try pooled.reflectionPadded(toMultipleOf: 5)
      let cropped = try padded.cropped(like: image).concatenated(with: image, pooled)
      return [try cropped.activation(.tanh).dense(7, bias: false, "fc")]
    }
    #expect(
      graph.nodes.map(\.operation.label) == [
        "input", "conv_transpose2d", "max_pool2d", "reflection_pad2d", "crop2d", "concat", "tanh", "dense",
      ])
    #expect(
      try graph.inferShapes().map { $0[0] } == [
        [1, 8, 8, 4], [1, 16, 16, 2], [1, 8, 8, 2], [1, 10, 10, 2], [1, 8, 8, 2], [1, 8, 8, 8],
        [1, 8, 8, 8], [1, 1, 1, 7],
      ])
  }
}
