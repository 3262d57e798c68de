import Graphs
import Segmentation
import TensorCore
import Testing
import Training

@Suite struct EvaluatorTests {
  /// A network whose last layer always says `label`.
  private func constant(_ label: Int, classes: Int = 2) throws -> InferenceModel {
    let graph = try NetworkRegistry.graph(
      "unet", arguments: ["width": "1", "depth": "1", "classes": "\(classes)"])
    var parameters = try graph.initialParameters(seed: 0)
    let shape = try #require(parameters["outc.conv.weight"]?.shape)
    parameters["outc.conv.weight"] = Tensor(zeros: shape)
    parameters["outc.conv.bias"] = Tensor((0..<classes).map { $0 == label ? 1 : 0 }, shape: [classes])
    return try InferenceModel(graph, parameters: parameters, pool: ThreadPool(threads: 2))
  }

  @Test(arguments: [0, 1]) func countsEveryPixel(label: Int) throws {
    let source = BlockSource(count: 3)
    let evaluator = Evaluator(try constant(label), normalization: .unit, pool: ThreadPool(threads: 2))
    var done: [Int] = []
    let scores = try evaluator.evaluate(source, boundary: true) { done.append($0) }
    #expect(done == [1, 2, 3] && scores.images == 3 && scores.classes == ["ground", "block"])
    var truths = [0, 0]
    for index in 0..<3 { for label in try source.sample(at: index).labels { truths[Int(label)] += 1 } }
    #expect(scores.confusion.truths == truths)
    #expect(scores.confusion.predictions == (label == 0 ? [768, 0] : [0, 768]))
    #expect(scores.confusion.iou[label] == Double(truths[label]) / 768)
    #expect(scores.boundary.f1 == [0, 0])
  }

  @Test func ignoredPixelsDoNotCount() throws {
    let source = BlockSource(count: 3, label: 255)
    let evaluator = Evaluator(try constant(0), normalization: .unit, pool: ThreadPool(threads: 1))
    let scores = try evaluator.evaluate(source)
    #expect(scores.confusion.truths[0] < 768)
    #expect(scores.confusion.pixelAccuracy == 1 && scores.confusion.iou == [1, nil])
    #expect(scores.boundary.f1 == [nil, nil], "boundaries are scored when asked for")
  }

  @Test func anotherNumberOfClasses() throws {
    let evaluator = Evaluator(try constant(0, classes: 3), normalization: .unit, pool: ThreadPool(threads: 1))
    #expect(
      message { try evaluator.evaluate(BlockSource()) }
        == "blocks: expected the 3 classes of the model, found 2; use other data, or a model of their classes"
    )
  }
}
