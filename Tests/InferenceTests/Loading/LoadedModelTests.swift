import Graphs
import Inference
import Segmentation
import TensorCore
import Testing
import Weights

@Suite struct LoadedModelTests {
  private func text(_ change: (inout Checkpoint) -> Void) throws -> String {
    var checkpoint = try SmallNetwork.checkpoint()
    change(&checkpoint)
    return message { try SmallNetwork.model(checkpoint) }
  }

  private var start: String { "small.safetensors: expected the \(wanted) parameters of unet, found " }
  private let end = "; use the model and the arguments, such as classes, that the file was made for"
  private var wanted: Int { (try? SmallNetwork.graph().parameterSpecs().count) ?? 0 }

  /// A network of one channel runs as one of two classes, whose second probability is the channel's sigmoid.
  @Test func oneChannel() throws {
    let arguments = ["width": "8", "depth": "2", "classes": "1"]
    let graph = try SmallNetwork.graph(arguments)
    var checkpoint = Checkpoint(architecture: "unet", parameters: try graph.initialParameters(seed: 4))
    checkpoint.classes = ["cell"]
    checkpoint.palette = [[9, 8, 7]]
    let pool = ThreadPool(threads: 2)
    func model(_ checkpoint: Checkpoint, givesClasses: Bool) throws -> LoadedModel {
      try LoadedModel(
        name: "one", graph: graph, checkpoint: checkpoint, pool: pool, givesClasses: givesClasses)
    }
    let (plain, two) = (try model(checkpoint, givesClasses: false), try model(checkpoint, givesClasses: true))
    #expect(plain.network.classes == 1 && plain.remarks.isEmpty)
    #expect(two.classes == ["background", "cell"] && two.checkpoint.palette == [[0, 0, 0], [9, 8, 7]])
    #expect(two.remarks == ["gives one channel, whose sigmoid is taken; class 0 is the background"])
    let image = picture(24, 16)
    let pixels = (0..<1152).map { (index: Int) -> Float in Float(index * 7919 % 256) / 255 }
    let logits = try plain.network.run(Tensor(pixels, shape: [1, 16, 24, 3])).elements
    let raw = try two.network.run(Tensor(pixels, shape: [1, 16, 24, 3])).elements
    #expect(raw.count == 2 * logits.count && Set(logits).count > 50)
    for (index, logit) in logits.enumerated() {
      #expect(raw[2 * index] == 0 && raw[2 * index + 1] == logit)
    }
    let shares = try #require(
      try Predictor(two, pool: pool).predict(image, name: "x", wantsProbabilities: true).probabilities)
    #expect(shares.shape == [1, 16, 24, 2])
    let sums = stride(from: 0, to: shares.count, by: 2).map { shares.elements[$0] + shares.elements[$0 + 1] }
    #expect(sums.allSatisfy { abs($0 - 1) < 1e-6 })
    var bare = checkpoint
    (bare.classes, bare.palette) = ([], [])
    #expect(try model(bare, givesClasses: true).classes == ["background", "foreground"])
    // Two classes stay what they are.
    #expect(
      try LoadedModel(
        name: "small", graph: SmallNetwork.graph(), checkpoint: SmallNetwork.checkpoint(), pool: pool,
        givesClasses: true
      ).network.classes == 3)
  }

  @Test func missing() throws {
    #expect(
      try text { $0.parameters["outc.conv.bias"] = nil } == start + "1 missing (outc.conv.bias)" + end)
  }

  @Test func unexpected() throws {
    let found = try text { checkpoint in
      for name in ["d", "c", "b", "a"] { checkpoint.parameters[name] = Tensor(zeros: [1]) }
    }
    #expect(found == start + "4 unexpected (a, b, c, …)" + end)
  }

  @Test func ofAnotherShape() throws {
    #expect(
      try text { $0.parameters["outc.conv.bias"] = Tensor(zeros: [4]) }
        == start + "1 of another shape (outc.conv.bias: expected [3], found [4])" + end)
  }

  @Test func allAtOnce() throws {
    let found = try text { checkpoint in
      checkpoint.parameters["outc.conv.bias"] = nil
      checkpoint.parameters["head.bias"] = Tensor(zeros: [3])
      checkpoint.parameters["outc.conv.weight"] = Tensor(zeros: [2, 2, 1, 1])
    }
    #expect(
      found == start + "1 missing (outc.conv.bias), 1 unexpected (head.bias), 1 of another shape "
        + "(outc.conv.weight: expected [3, 2, 1, 1], found [2, 2, 1, 1])" + end)
  }

  /// Weights without metadata, as other frameworks write them, with the prefix of a wrapper.
  @Test func foreignWeights() throws {
    let own = try SmallNetwork.checkpoint()
    var foreign = Checkpoint(architecture: nil, parameters: [:])
    for (name, tensor) in own.parameters { foreign.parameters["module.\(name)"] = tensor }
    foreign.parameters["module.inc.double_conv.1.num_batches_tracked"] = Tensor(zeros: [1])
    let model = try SmallNetwork.model(foreign)
    #expect(model.classes == ["class 0", "class 1", "class 2"])
    #expect(model.normalization == .imageNet)
    #expect(model.network.channels == 3 && model.network.classes == 3)
    let image = picture(9, 9)
    var plain = own
    plain.normalization = .imageNet
    let predictions = try [foreign, plain].map {
      try SmallNetwork.predictor($0).predict(image, name: "a").mask
    }
    #expect(predictions[0] == predictions[1])
  }

  @Test func whatTheCheckpointSays() throws {
    let model = try SmallNetwork.model()
    #expect(model.name == "small.safetensors")
    #expect(model.classes == ["ground", "water", "sky"])
    #expect(model.normalization == .unit)
  }

  /// A network that takes gray images is no predictor's.
  @Test func channels() throws {
    let graph = try UNet(classes: 2, width: 1, depth: 1).graph(
      nominal: Shape(batch: 1, height: 8, width: 8, channels: 1))
    let checkpoint = Checkpoint(architecture: "unet", parameters: try graph.initialParameters(seed: 0))
    let pool = ThreadPool(threads: 1)
    let model = try LoadedModel(name: "gray", graph: graph, checkpoint: checkpoint, pool: pool)
    #expect(
      message { try Predictor(model, pool: pool) } == "gray: expected a network of 3 input channels, found 1")
  }

  @Test func noWeights() {
    #expect(
      InferenceError.noWeights(model: "unet", shipped: []).description
        == "unet: expected weights, found none that ship for it; name a file with --weights, or train one with "
        + "'segment train'")
    #expect(
      InferenceError.noWeights(model: "unet", shipped: ["a", "b"]).description
        == "unet: expected weights, found none that ship for it (a, b do); name a file with --weights, or train "
        + "one with 'segment train'")
  }
}
