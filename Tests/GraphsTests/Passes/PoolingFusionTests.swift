import Graphs
import Layers
import TensorCore
import TestSupport
import Testing

@Suite(
  .enabled(
    if: PooledConvolution.suits(Convolution(outputs: 1, kernel: 3)), "this processor has no kernels for it"))
struct PoolingFusionTests {
  /// Runs a network as it is and with its poolings fused, which must give the same bits; the fused one's convolutions,
  /// with whether they give their own output too.
  private func fused(_ graph: Graph, _ shape: Shape) throws -> [String: Bool] {
    let whole = try graph.fusingActivations(for: .inference).fusingSums(for: .inference)
    let fused = try whole.fusingPoolings()
    let parameters = randomized(try graph.initialParameters(seed: 1), seed: 2)
    let input = Tensor.random(shape, seed: 3)
    let before = try infer(whole, parameters, input)
    for threads in [1, 2] {
      let after = try infer(fused, parameters, input, threads: threads, poisons: true)
      #expect(after == before)
      #expect(before.allSatisfy { $0.largest > 0.1 })
    }
    let layers = fused.nodes.compactMap { node in
      (node.operation as? PooledConvolution).map { (node.name, $0.givesAll) }
    }
    #expect(whole.nodes.count - fused.nodes.count == layers.count)
    return Dictionary(uniqueKeysWithValues: layers)
  }

  @Test func aConvolutionPools() throws {
    for (channels, size) in [(16, 24), (33, 13), (3, 6)] {
      let graph = try network([2, size, size, channels]) { image in
        let a = try image.conv(channels, kernel: 3, "a").relu().maxPool(kernel: 2, stride: 2)
        return [try a.conv(5, kernel: 3, "b").maxPool(kernel: 2, stride: 2)]
      }
      #expect(try fused(graph, [2, size, size, channels]) == ["a": false, "b": false])
    }
  }

  @Test func keepsWhatOthersRead() throws {
    let graph = try network([1, 12, 14, 20]) { image in
      let a = try image.conv(20, kernel: 3, "a").relu()
      let b = try a.adding(image.conv(20, kernel: 3, "b")).relu()
      let c = try b.conv(24, kernel: 3, "c").relu()
      let low = try b.maxPool(kernel: 2, stride: 2)
      return [try a.maxPool(kernel: 2, stride: 2).adding(low), c, try c.maxPool(kernel: 2, stride: 2)]
    }
    // The sum is done by "b", whose result "c" reads too; "c" is a result of the network.
    #expect(try fused(graph, [1, 12, 14, 20]) == ["a": true, "b": true, "c": true])
  }

  @Test func leavesOtherPoolingsAndConvolutions() throws {
    let graph = try network([1, 16, 16, 8]) { image in
      let a = try image.conv(8, kernel: 1, "a").maxPool(kernel: 2, stride: 2)
      let b = try image.conv(8, kernel: 3, "b").maxPool(kernel: 3, stride: 2, padding: 1)
      let c = try image.conv(8, kernel: 3, "c").activation(.tanh).maxPool(kernel: 2, stride: 2)
      let d = try image.conv(8, kernel: 3, "d").maxPoolWithIndices(kernel: 2, stride: 2)
      let e = try image.conv(8, kernel: 3, "e").averagePool(kernel: 2, stride: 2)
      let up = try d.pooled.unpooled(by: d.indices, like: image).maxPool(kernel: 2, stride: 2)
      return [try a.adding(b).adding(c.adding(e)).adding(up)]
    }
    #expect(try fused(graph, [1, 16, 16, 8]).isEmpty)
  }

  /// Two poolings of one convolution: the second reads what the first leaves.
  @Test func oneOfTwo() throws {
    let graph = try network([1, 12, 12, 16]) { image in
      let a = try image.conv(16, kernel: 3, "a").relu()
      return [try a.maxPool(kernel: 2, stride: 2).adding(a.maxPool(kernel: 2, stride: 2))]
    }
    #expect(try fused(graph, [1, 12, 12, 16]) == ["a": true])
  }

  @Test func aUNet() throws {
    let graph = try miniUNet([1, 40, 48, 3], width: 16, depth: 3)
    let folded = try graph.foldingBatchNorm(randomized(try graph.initialParameters(seed: 1), seed: 2))
    let whole = try folded.graph.fusingActivations(for: .inference)
    let fused = try whole.fusingPoolings()
    #expect(whole.nodes.count - fused.nodes.count == 3)
    #expect(fused.nodes.count { ($0.operation as? PooledConvolution)?.givesAll == true } == 3)
    let input = Tensor.random([1, 40, 48, 3], seed: 3)
    #expect(
      try infer(whole, folded.parameters, input)
        == infer(fused, folded.parameters, input, threads: 2, poisons: true))
    let (before, after) = (
      try whole.planMemory(["input": input.shape], mode: .inference),
      try fused.planMemory(["input": input.shape], mode: .inference)
    )
    #expect(after.arena <= before.arena)
  }

  /// Tiles are cut by these numbers.
  @Test func fieldsAndGridsAreTheSame() throws {
    let graph = try miniUNet([1, 40, 48, 3], width: 4, depth: 3)
    let fused = try graph.fusingPoolings()
    let (old, new) = (try graph.receptiveFields(), try fused.receptiveFields())
    let names = fused.nodes.map(\.name)
    for (index, node) in graph.nodes.enumerated() {
      if let place = names.firstIndex(of: node.name) { #expect(new[place] == old[index], "\(node.name)") }
    }
    #expect(try fused.gridPeriod() == 8 && graph.gridPeriod() == 8)
    // A pooling that is the network's own result has a field and a grid too, by itself or beside what it reads.
    for (isRead, side) in [(false, 12), (true, 12), (false, 2), (true, 2)] {
      let last = try network([1, Int(side), Int(side), 3]) { image in
        let a = try image.conv(4, kernel: 3, "a")
        return [try a.maxPool(kernel: 2, stride: 2)] + (isRead ? [a] : [])
      }
      let (plain, fused) = (last, try last.fusingPoolings())
      #expect(fused.nodes.count == plain.nodes.count - 1)
      let field = try fused.receptiveField(of: fused.outputs[0])
      #expect(field != nil)
      #expect(field == (try plain.receptiveField(of: plain.outputs[0])))
      #expect(field?.height == 4 && field?.strideWidth == 2)
      #expect(try fused.gridPeriod() == (side == 2 ? 1 : 2))
      #expect(try plain.gridPeriod() == fused.gridPeriod())
    }
  }

  /// What only the pooling reads takes no memory where Winograd pools, as in VGG's first stages.
  @Test func whatIsNotReadTakesNoMemory() throws {
    let graph = try network([1, 96, 96, 64]) { image in
      let a = try image.conv(64, kernel: 3, "a").relu().conv(64, kernel: 3, "b").relu()
      return [try a.maxPool(kernel: 2, stride: 2).conv(64, kernel: 3, "c")]
    }
    let whole = try graph.fusingActivations(for: .inference)
    let inputs: [String: Shape] = ["input": [1, 96, 96, 64]]
    let before = try whole.planMemory(inputs, mode: .inference).arena
    let after = try whole.fusingPoolings().planMemory(inputs, mode: .inference).arena
    #expect(after <= before)
    let shape: Shape = [1, 96, 96, 64]
    let layer = try #require(whole.nodes[1].operation as? Convolution)
    guard layer.algorithms(for: [shape], .forward)[0].name.hasPrefix("winograd") else { return }
    let pooled = PooledConvolution(layer, givesAll: false).algorithms(for: [shape], .forward)[0]
    #expect(
      pooled.workspace(threads: 2) == layer.algorithms(for: [shape], .forward)[0].workspace(threads: 2))
  }
}
