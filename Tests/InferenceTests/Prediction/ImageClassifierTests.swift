import Foundation
import Images
import Inference
import Segmentation
import TensorCore
import Testing
import Weights

@Suite struct ImageClassifierTests {
  private let pool = ThreadPool(threads: 2)

  /// A small perceptron on gray pictures of 6 × 8, which gives class `c` the sum of weights `c` of the pixels.
  private func model(
    classes: [String] = ["a", "b", "c"], normalization: Normalization? = .unit, identity: Bool = true
  ) throws -> LoadedModel {
    let graph = try NetworkRegistry.graph(
      "mlp", arguments: ["hidden1": "3", "hidden2": "3", "classes": "3"],
      nominal: Shape(batch: 1, height: 6, width: 8, channels: 1))
    var parameters = try graph.initialParameters(seed: 3)
    if identity {
      // The first unit reads the left half, the second the right, the third the pixel at the top left.
      var weight = [Float](repeating: 0, count: 3 * 48)
      for pixel in 0..<48 { weight[pixel % 8 < 4 ? pixel : 48 + pixel] = 1 }
      weight[96] = 12
      parameters["fc1.weight"] = Tensor(weight, shape: [3, 48])
      for name in ["fc2.weight", "fc3.weight"] {
        parameters[name] = Tensor([1, 0, 0, 0, 1, 0, 0, 0, 1], shape: [3, 3])
      }
      for name in ["fc1.bias", "fc2.bias", "fc3.bias"] { parameters[name] = Tensor(zeros: [3]) }
    }
    var checkpoint = Checkpoint(architecture: "mlp", parameters: parameters)
    checkpoint.classes = classes
    checkpoint.normalization = normalization
    checkpoint.trainingSize = .init(height: 6, width: 8)
    return try LoadedModel(name: "small", graph: graph, checkpoint: checkpoint, pool: pool)
  }

  private func gray(_ width: Int, _ height: Int, _ value: (_ x: Int, _ y: Int) -> UInt8) -> Raster {
    let samples = (0..<width * height).map { value($0 % width, $0 / width) }
    return Raster(width: width, height: height, channels: 1, samples: .eight(samples))
  }

  @Test func theBrighterHalf() throws {
    let classifier = try ImageClassifier(model(), pool: pool)
    #expect(classifier.size == .init(height: 6, width: 8))
    let found = try classifier.classify(gray(8, 6) { x, _ in x < 4 ? 0 : 255 }, name: "right")
    #expect(found.map(\.name) == ["b", "a", "c"])
    #expect(found.map(\.index) == [1, 0, 2])
    // Logits 24, 0 and 0.
    #expect(abs(found[0].probability - 1 / (1 + 2 * exp(-24))) < 1e-6)
    #expect(abs(found.reduce(0) { $0 + $1.probability } - 1) < 1e-6)
    let left = try classifier.classify(gray(8, 6) { x, y in x < 4 && x + y > 0 ? 255 : 0 }, name: "left")
    #expect(left.first?.name == "a")
  }

  /// The shorter side is resized and the middle cut out.
  @Test func theMiddleDecides() throws {
    let classifier = try ImageClassifier(model(), pool: pool)
    // Twice as large, with bright ends that are cut off and a middle that is bright at its left.
    let wide = gray(32, 12) { x, _ in x < 8 || x >= 24 ? 255 : x < 16 ? 200 : 0 }
    #expect(try classifier.classify(wide, name: "wide")[0].name == "a")
    let high = gray(16, 40) { x, y in y < 14 || y >= 26 ? (x < 8 ? 255 : 0) : (x < 8 ? 0 : 200) }
    #expect(try classifier.classify(high, name: "high")[0].name == "b")
    // A picture of one row of many pixels does not ask for memory without bound.
    let thread = gray(60_000, 1) { x, _ in x < 30_000 ? 0 : 255 }
    #expect(try classifier.classify(thread, name: "thread")[0].name == "b")
    let pixel = gray(1, 1) { _, _ in 255 }
    #expect(try classifier.classify(pixel, name: "pixel").count == 3)
  }

  /// Colour is read as luma, and normalised with the first channel's numbers.
  @Test func colourForAGrayNetwork() throws {
    let half = Normalization(mean: [0.5, 0, 0], deviation: [0.25, 1, 1])
    let (plain, moved) = (try model(), try model(normalization: half))
    let samples: [UInt8] = (0..<48).flatMap { pixel -> [UInt8] in pixel % 8 < 4 ? [0, 0, 255] : [255, 0, 0] }
    let picture = Raster(width: 8, height: 6, channels: 3, samples: .eight(samples))
    // Luma 29 and 76 of 255.
    let logits = [24 * 29.0 / 255, 24 * 76.0 / 255, 12 * 29.0 / 255]
    let found = try ImageClassifier(plain, pool: pool).classify(picture, name: "colour")
    #expect(found.map(\.index) == [1, 0, 2])
    let total = logits.reduce(0) { $0 + exp($1) }
    #expect(abs(found[0].probability - exp(logits[1]) / total) < 1e-5)
    // All below the mean: the units give 0, and all classes are alike, in their order.
    let alike = try ImageClassifier(moved, pool: pool).classify(picture, name: "colour")
    #expect(alike.map(\.index) == [0, 1, 2])
    #expect(alike.allSatisfy { abs($0.probability - 1.0 / 3) < 1e-6 })
  }

  /// A checkpoint that says nothing of itself: 0…1 for gray, numbers for names, the architecture's size.
  @Test func bareWeights() throws {
    let graph = try NetworkRegistry.graph("lenet5")
    let checkpoint = Checkpoint(architecture: nil, parameters: try graph.initialParameters(seed: 3))
    let model = try LoadedModel(name: "bare", graph: graph, checkpoint: checkpoint, pool: pool)
    #expect(model.normalization == .unit)
    let classifier = try ImageClassifier(model, pool: pool)
    #expect(classifier.size == .init(height: 32, width: 32))
    let found = try classifier.classify(picture(50, 40), name: "any")
    #expect(Set(found.map(\.name)) == Set((0..<10).map { "class \($0)" }))
    #expect(zip(found, found.dropFirst()).allSatisfy { $0.probability >= $1.probability })
  }

  @Test func sameOnAnyThreads() throws {
    let one = try ImageClassifier(model(identity: false), pool: ThreadPool(threads: 1))
    let many = try ImageClassifier(model(identity: false), pool: ThreadPool(threads: 3))
    let image = picture(99, 71)
    #expect(try one.classify(image, name: "a") == many.classify(image, name: "a"))
  }
}
