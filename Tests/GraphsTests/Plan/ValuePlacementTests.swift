import Graphs
import Layers
import TensorCore
import Testing

@Suite struct ValuePlacementTests {
  private func place(
    _ graph: Graph, mode: Mode? = .inference, mayJoin: (Graph.Value, Int) -> Bool = { _, _ in true }
  ) throws -> ValuePlacement {
    ValuePlacement(graph, shapes: try graph.inferShapes(), mode: mode, mayJoin: mayJoin)
  }

  private func value(_ graph: Graph, _ name: String) throws -> Graph.Value {
    Graph.Value(node: try #require(graph.nodes.firstIndex { $0.name == name }))
  }

  @Test func aChainOfConcatenationsIsOneBlock() throws {
    let graph = try network([1, 4, 4, 1]) { image in
      let x = try image.conv(2, kernel: 3, "x")
      let y = try x.conv(3, kernel: 3, "y")
      let first = try x.concatenated(with: y)
      let z = try first.conv(1, kernel: 3, "z")
      let second = try first.concatenated(with: z)
      let w = try second.conv(4, kernel: 3, "w")
      return [try w.concatenated(with: second)]
    }
    let placement = try place(graph)
    let names = ["x", "y", "concat_3", "z", "concat_5", "w", "concat_7"]
    let places = try names.map { placement[try value(graph, $0)] }
    #expect(Set(places.map(\.block)).count == 1)
    #expect(places.map(\.offset) == [4, 6, 4, 9, 4, 0, 0])
    #expect(places.map(\.pixelStride) == [10, 10, 10, 10, 10, 10, 10])
    #expect(placement.elided == [3, 5, 7])
    #expect(placement.blocks.sorted() == [16, 160])
  }

  @Test func aValueThatIsJoinedTwiceKeepsItsOwnPlace() throws {
    let graph = try network([1, 4, 4, 1]) { image in
      let x = try image.conv(2, kernel: 3, "x")
      return [try x.concatenated(with: x)]
    }
    let placement = try place(graph)
    #expect(placement[try value(graph, "x")].pixelStride == 2)
    #expect(placement.elided.isEmpty)
    #expect(placement.blocks.sorted() == [16, 32, 64])
  }

  @Test func aValueOfTwoConcatenationsLiesInTheLast() throws {
    let graph = try network([1, 4, 4, 1]) { image in
      let x = try image.conv(2, kernel: 3, "x")
      let y = try image.conv(3, kernel: 3, "y")
      let first = try x.concatenated(with: y)
      return [try y.concatenated(with: x), first]
    }
    let placement = try place(graph)
    #expect(placement.elided == [4])
    #expect(placement[try value(graph, "x")].offset == 3)
    #expect(placement[try value(graph, "y")].block == placement[Graph.Value(node: 4)].block)
    #expect(placement[Graph.Value(node: 3)].block != placement[Graph.Value(node: 4)].block)
  }

  @Test func anInputIsNeverJoined() throws {
    let graph = try network([1, 4, 4, 3]) { image in
      [try image.concatenated(with: image.conv(2, kernel: 3, "x"))]
    }
    let placement = try place(graph)
    #expect(placement[Graph.Value(node: 0)].pixelStride == 3)
    #expect(placement[try value(graph, "x")].offset == 3)
    #expect(placement.elided.isEmpty)
  }

  @Test func anIdentityLiesWhereItsInputDoes() throws {
    let graph = try network([1, 4, 4, 1]) { image in
      let x = try image.conv(2, kernel: 3, "x").dropout(0.5)
      return [try x.concatenated(with: image.conv(1, kernel: 1, "y")).cropped(like: image)]
    }
    let inference = try place(graph)
    #expect(inference[Graph.Value(node: 2)] == inference[Graph.Value(node: 1)])
    // A value that is another's cannot lie in a slice, so the join runs.
    #expect(inference.elided == [2, 5])
    #expect(inference[Graph.Value(node: 5)] == inference[Graph.Value(node: 4)])
    let training = try place(graph, mode: .training)
    #expect(training[Graph.Value(node: 2)].block == training[Graph.Value(node: 4)].block)
    #expect(training.elided == [4, 5])
    let gradients = try place(graph, mode: nil)
    #expect(gradients[Graph.Value(node: 5)].block != gradients[Graph.Value(node: 4)].block)
  }

  @Test func joinsOnlyWhatTheCallerAllows() throws {
    let graph = try network([1, 4, 4, 1]) { image in
      [try image.conv(2, kernel: 3, "x").concatenated(with: image.conv(1, kernel: 1, "y"))]
    }
    let x = try value(graph, "x")
    let placement = try place(graph) { value, concatenation in
      #expect(concatenation == 3)
      return value != x
    }
    #expect(placement[x].pixelStride == 2)
    #expect(placement[try value(graph, "y")].offset == 2)
    #expect(placement.elided.isEmpty)
  }

  @Test func everyOutputHasAPlace() throws {
    let graph = try network([1, 4, 4, 2]) { [try $0.maxPoolWithIndices(kernel: 2, stride: 2).indices] }
    let placement = try place(graph)
    #expect(placement[Graph.Value(node: 1)].block != placement[Graph.Value(node: 1, output: 1)].block)
    #expect(placement.blocks.sorted() == [8, 8, 32])
  }
}
