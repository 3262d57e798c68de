import Images
import Inference
import Layers
import Segmentation
import TensorCore
import Testing
import Weights

@Suite struct HeatMapperTests {
  private let pool = ThreadPool(threads: 2)

  /// A perceptron on gray parts of 4 × 4: class `bright` for bright ones, class `dark` for dark ones.
  private func mapper(size: Checkpoint.Size? = .init(height: 4, width: 4)) throws -> HeatMapper {
    let graph = try NetworkRegistry.graph(
      "mlp", arguments: ["hidden1": "1", "hidden2": "1", "classes": "2"],
      nominal: Shape(batch: 1, height: 4, width: 4, channels: 1))
    var checkpoint = Checkpoint(
      architecture: "mlp",
      parameters: [
        "fc1.weight": Tensor(repeating: 1, shape: [1, 16]), "fc1.bias": Tensor(zeros: [1]),
        "fc2.weight": Tensor(repeating: 1, shape: [1, 1]), "fc2.bias": Tensor(zeros: [1]),
        "fc3.weight": Tensor([-1, 1], shape: [2, 1]), "fc3.bias": Tensor([4, -4], shape: [2]),
      ])
    checkpoint.classes = ["dark", "bright"]
    checkpoint.normalization = .unit
    checkpoint.trainingSize = size
    return try HeatMapper(name: "small", graph: graph, checkpoint: checkpoint, pool: pool)
  }

  /// Black with a white square of 6 × 6 whose top left pixel is (`x`, `y`).
  private func square(_ x: Int, _ y: Int, _ width: Int = 20, _ height: Int = 16) -> Raster {
    let samples = (0..<width * height).map { index -> UInt8 in
      (x..<x + 6).contains(index % width) && (y..<y + 6).contains(index / width) ? 255 : 0
    }
    return Raster(width: width, height: height, channels: 1, samples: .eight(samples))
  }

  @Test func findsTheSquare() throws {
    let mapper = try mapper()
    #expect(mapper.size == .init(height: 4, width: 4))
    let found = try mapper.heatMap(of: square(9, 3), class: "bright", name: "a")
    #expect(found.index == 1 && found.name == "bright")
    let map = found.map
    #expect([map.rows, map.columns] == [13, 17] && map.size == 4 && map.stride == 1)
    // The first cell that lies in the square whole.
    #expect(map.peak.row == 3 && map.peak.column == 9 && map.peak.value > 0.999)
    for row in 0..<13 {
      for column in 0..<17 {
        let inside = (3...5).contains(row) && (9...11).contains(column)
        let away = row < 0 || row > 8 || column < 6 || column > 14
        let value = map.values[row * 17 + column]
        #expect(inside ? value > 0.999 : away ? value < 0.001 : true, "\(row) \(column)")
      }
    }
    #expect(try mapper.heatMap(of: square(9, 3), class: "1", name: "a").map == map)
  }

  @Test func theClassOfTheLargestMean() throws {
    #expect(try mapper().heatMap(of: square(0, 0), class: nil, name: "a").name == "dark")
    let white = Raster(
      width: 9, height: 7, channels: 1, samples: .eight([UInt8](repeating: 255, count: 63)))
    let found = try mapper().heatMap(of: white, class: nil, name: "a")
    #expect(found.name == "bright" && found.map.mean > 0.999)
  }

  @Test func overlay() throws {
    let found = try mapper().heatMap(of: square(9, 3), class: "bright", name: "a")
    let overlay = found.overlay()
    #expect(overlay.width == 20 && overlay.height == 16 && overlay.channels == 3)
    guard case .eight(let samples) = overlay.samples else { return }
    func pixel(_ x: Int, _ y: Int) -> [UInt8] { Array(samples[(y * 20 + x) * 3..<(y * 20 + x) * 3 + 3]) }
    // Black under the darkest colour, (0, 0, 4) by 0.6; white by 0.4 under the brightest, (252, 255, 164) by 0.6.
    #expect(zip(pixel(0, 15), [0, 0, 2]).allSatisfy { abs(Int($0) - $1) <= 1 })
    let brightest = pixel(12, 6)
    #expect(zip(brightest, [253, 255, 200]).allSatisfy { abs(Int($0) - $1) <= 1 }, "\(brightest)")
  }

  @Test func errors() throws {
    let mapper = try mapper()
    #expect(
      message { try mapper.heatMap(of: square(0, 0), class: "gray", name: "a.png") }
        == "--class: expected a class, dark, bright, or an index of 0…1, found 'gray'")
    #expect(
      message { try mapper.heatMap(of: square(0, 0), class: "2", name: "a.png") }
        == "--class: expected a class, dark, bright, or an index of 0…1, found '2'")
    #expect(
      message { try mapper.heatMap(of: square(0, 0, 20, 3), class: nil, name: "a.png") }
        == "a.png: expected a picture of at least 4×4 pixels, the size of the network's training, found 20×3; "
        + "enlarge it, or use 'segment classify'")
    let unet = try SmallNetwork.graph()
    #expect(
      message {
        try HeatMapper(name: "unet", graph: unet, checkpoint: try SmallNetwork.checkpoint(), pool: pool)
      }
        == "unet: reflection_pad2d_1: expected an operator that slides over an image, found reflection_pad2d")
  }

  /// The size of the training is the checkpoint's, else the graph's.
  @Test func theSizeOfTheTraining() throws {
    #expect(try mapper(size: nil).size == .init(height: 4, width: 4))
  }
}
