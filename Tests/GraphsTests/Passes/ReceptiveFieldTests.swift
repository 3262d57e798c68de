import Graphs
import Layers
import TensorCore
import Testing

@Suite struct ReceptiveFieldTests {
  private func last(_ graph: Graph) throws -> [Int] {
    try graph.receptiveFields().last?.map { [$0.height, $0.width] } ?? []
  }

  @Test func growsByAStackOfConvolutions() throws {
    let graph = try network([1, 32, 32, 1]) { image in
      var y = image
      for index in 0..<5 { y = try y.conv(1, kernel: 3, Scope("c") / index) }
      return [y]
    }
    #expect(try graph.receptiveFields().map { $0?.width } == [1, 3, 5, 7, 9, 11])
  }

  @Test func countsStrideDilationAndPooling() throws {
    let strided = try network([1, 64, 64, 1]) { image in
      let y = try image.conv(1, kernel: 7, stride: 2, "a").maxPool(kernel: 3, stride: 2, padding: 1)
      return [try y.conv(1, kernel: Pair(3, 1), "b")]
    }
    // 7, then 7 + 2·2 = 11, then 11 + 2·4 = 19 along the height alone.
    #expect(try last(strided) == [19, 11])
    let dilated = try network([1, 64, 64, 1]) { image in
      [try image.conv(1, kernel: 3, dilation: 4, "a").conv(1, kernel: 3, dilation: Pair(1, 2), "b").relu()]
    }
    #expect(try last(dilated) == [11, 13])
  }

  @Test func gridsRepeat() throws {
    let plain = try network([1, 32, 32, 1]) { [try $0.conv(1, kernel: 5, "a").relu()] }
    #expect(try plain.gridPeriod() == 1)
    let pooled = try network([1, 96, 96, 1]) { image in
      let y = try image.maxPool(kernel: 2, stride: 2).maxPool(kernel: Pair(3, 2), stride: Pair(3, 2))
      return [try y.conv(1, kernel: 3, "a")]
    }
    #expect(try pooled.gridPeriod() == 12)
    let unet = try network([1, 32, 32, 1]) { image in
      let y = try image.conv(1, kernel: 3, "a").maxPool(kernel: 2, stride: 2).maxPool(kernel: 2, stride: 2)
      return [try y.transposedConv(1, kernel: 2, stride: 2, "b").transposedConv(1, kernel: 2, stride: 2, "c")]
    }
    #expect(try unet.gridPeriod() == 4)
  }

  @Test func takesTheHullWherePathsJoin() throws {
    let graph = try network([1, 32, 32, 1]) { image in
      let wide = try image.conv(1, kernel: 7, "wide")
      // Without padding on one path, the two see places that do not lie around the same centre.
      let left = try image.conv(1, kernel: 3, padding: 2, "left").cropped(like: image)
      return [try wide.adding(image), try left.adding(image.conv(1, kernel: 3, "center"))]
    }
    let fields = try graph.receptiveFields()
    #expect(fields[2]?.width == 3)
    #expect(fields[graph.outputs[0].node]?.width == 7)
    // -2…0 and -1…1.
    #expect(fields[graph.outputs[1].node]?.width == 4)
  }

  /// A U-Net without batch norm and with a single channel: which inputs reach an output does not depend on these.
  private static func stack(_ depth: Int, nominal: Shape) throws -> Graph {
    func block(_ x: Symbol, _ name: Scope) throws -> Symbol {
      try x.conv(1, kernel: Pair(1, 3), name / 0).conv(1, kernel: Pair(1, 3), name / 1)
    }
    return try network(nominal) { image in
      var skips = [try block(image, "inc")]
      for level in 1..<depth + 1 {
        let pooled = try skips[level - 1].maxPool(kernel: Pair(1, 2), stride: Pair(1, 2))
        skips.append(try block(pooled, Scope("down\(level)")))
      }
      var y = skips[depth]
      for level in stride(from: depth - 1, through: 0, by: -1) {
        let up = try y.transposedConv(1, kernel: Pair(1, 2), stride: Pair(1, 2), Scope("up\(level)"))
        y = try block(skips[level].concatenated(with: up), Scope("join\(level)"))
      }
      return [y]
    }
  }

  /// The widest reach of an output far from the borders, from a batch of images that each have one white pixel:
  /// with weights of 1 an output is positive where it sees that pixel.
  private func measured(_ graph: Graph, width: Int, margin: Int) throws -> Int {
    let parameters = try graph.initialParameters(seed: 1).mapValues { tensor in
      Tensor(repeating: tensor.shape.rank == 4 ? 1 : 0, shape: tensor.shape)
    }
    var images = Tensor(zeros: [width, 1, width, 1])
    images.withUnsafeMutableElements { elements in
      for place in 0..<width { elements[place * width + place] = 1 }
    }
    let outputs = try infer(graph, parameters, images)[0]
    let seen = outputs.elements
    let columns = outputs.shape.width
    let scale = width / columns
    return (margin / scale..<(width - margin) / scale).map { output in
      let places = (0..<width).filter { seen[$0 * columns + output] > 0 }
      return (places.last ?? 0) - (places.first ?? 0) + 1
    }.max() ?? 0
  }

  @Test(arguments: [(1, 18), (2, 44), (3, 100), (4, 204)])
  func agreesWithWhatAUNetReallySees(depth: Int, width: Int) throws {
    let size = 256 << (depth / 4)
    let graph = try Self.stack(depth, nominal: [1, 1, size, 1])
    #expect(try measured(graph, width: size, margin: size / 2 - 32) == width)
    #expect(try last(graph) == [1, width])
  }

  @Test(arguments: 0..<8)
  func agreesWithWhatOtherStacksReallySee(variant: Int) throws {
    let size = 96
    let graph = try network([1, 1, size, 1]) { image in
      let a = try image.conv(1, kernel: Pair(1, 3), stride: Pair(1, 2), "a")
      switch variant {
      case 0:
        return [try a.transposedConv(1, kernel: Pair(1, 4), stride: Pair(1, 2), padding: Pair(0, 1), "t")]
      case 1: return [try a.transposedConv(1, kernel: Pair(1, 2), stride: Pair(1, 2), "t")]
      case 2:
        let up = try a.transposedConv(1, kernel: Pair(1, 4), stride: Pair(1, 2), padding: Pair(0, 1), "t")
        return [try up.conv(1, kernel: Pair(1, 5), "b").adding(image)]
      case 3:
        let up = try a.transposedConv(1, kernel: Pair(1, 8), stride: Pair(1, 4), padding: Pair(0, 2), "t")
        return [try up.conv(1, kernel: Pair(1, 3), stride: Pair(1, 2), "b")]
      case 4:
        let up = try a.transposedConv(1, kernel: Pair(1, 3), stride: Pair(1, 3), "t")
        return [try up.conv(1, kernel: Pair(1, 2), stride: Pair(1, 3), padding: 0, "b")]
      case 5:
        let deep = try a.maxPool(kernel: Pair(1, 2), stride: Pair(1, 2))
        let up = try deep.transposedConv(1, kernel: Pair(1, 4), stride: Pair(1, 4), "t")
        return [try up.conv(1, kernel: Pair(1, 3), dilation: Pair(1, 2), "b").adding(image)]
      case 6: return [try a.maxPool(kernel: Pair(1, 3), stride: Pair(1, 2), padding: Pair(0, 1))]
      default:
        let up = try a.transposedConv(1, kernel: Pair(1, 2), stride: Pair(1, 2), "t")
        return [try up.conv(1, kernel: Pair(1, 3), stride: Pair(1, 4), "b").relu()]
      }
    }
    #expect(try last(graph)[1] == (measured(graph, width: size, margin: 30)))
  }

  @Test func followsPoolingIndicesBack() throws {
    let graph = try network([1, 16, 16, 1]) { image in
      let pool = try image.maxPoolWithIndices(kernel: 2, stride: 2)
      let deep = try pool.pooled.conv(1, kernel: 3, "a")
      return try image.builder.add(
        MaxUnpool2D(kernel: 2, stride: 2), name: "unpool", inputs: [deep, pool.indices])
    }
    #expect(try last(graph) == [6, 6])
  }

  /// The third row of LeNet-5's figure: 5 + 1 = 6, then 6 + 4 · 2 = 14, then 16, and five of those at stride 4.
  @Test func aDenseLayerSeesAllFeatures() throws {
    let graph = try network([1, 32, 36, 1]) { image in
      let y = try image.conv(1, kernel: 5, padding: 0, "a").averagePool(kernel: 2)
      let z = try y.conv(1, kernel: 5, padding: 0, "b").averagePool(kernel: 2)
      return [try z.dense(3, "c").dense(2, "d")]
    }
    #expect(try last(graph) == [32, 36])
    // The features of another input are others.
    #expect(try graph.receptiveFields(["input": [1, 48, 44, 1]]).last??.height == 48)
    let padded = try network([1, 8, 8, 1]) { image in [try image.conv(1, kernel: 5, "a").dense(2, "b")] }
    // Two pixels beyond each border.
    #expect(try last(padded) == [12, 12])
  }

  @Test func aMeanOverTheImageSeesAllOfIt() throws {
    let graph = try network([1, 20, 12, 1]) { image in
      [try image.conv(1, kernel: 3, stride: 2, padding: 1, "a").globalAveragePool().dense(2, "b")]
    }
    #expect(try last(graph) == [3 + 9 * 2, 3 + 5 * 2])
  }

  /// By PyTorch's rule for windows, ⌊i · H / H'⌋ to ⌈(i + 1) · H / H'⌉.
  @Test(arguments: [(14, 7, 2), (13, 7, 3), (12, 7, 3), (7, 7, 1), (3, 7, 2), (7, 3, 3), (16, 6, 4)])
  func adaptivePoolingSeesAShare(inputs: Int, outputs: Int, widest: Int) throws {
    let windows = (0..<outputs).map { ($0 + 1) * inputs / outputs - $0 * inputs / outputs }
    let rounded = (0..<outputs).map {
      (($0 + 1) * inputs + outputs - 1) / outputs - $0 * inputs / outputs
    }
    #expect(rounded.max() == widest && windows.reduce(0, +) == inputs)
    let graph = try network([1, inputs, 8, 1]) { image in
      [try image.adaptiveAveragePool(to: Pair(outputs, 8))]
    }
    #expect(try last(graph) == [widest, 1])
    let dense = try network([1, inputs, 8, 1]) { image in
      [try image.adaptiveAveragePool(to: Pair(outputs, 4)).dense(2, "a")]
    }
    #expect(try last(dense) == [inputs, 8])
  }

  /// A reference gives its size and nothing else.
  @Test func resizingToAReference() throws {
    let graph = try network([1, 32, 24, 1]) { image in
      let y = try image.conv(1, kernel: 3, stride: 4, padding: 1, "a")
      return [try y.resized(like: image, .bilinear), try y.resized(like: image, .nearest)]
    }
    let fields = try graph.receptiveFields()
    #expect(fields[graph.outputs[0].node]?.height == 3 + 4)
    #expect(fields[graph.outputs[1].node]?.width == 3)
  }
}
