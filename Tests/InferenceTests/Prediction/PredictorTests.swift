import Graphs
import Images
import Inference
import TensorCore
import Testing
import Weights

@Suite struct PredictorTests {
  @Test(arguments: [(1, 1), (1, 7), (5, 1), (3, 3), (16, 16), (17, 15), (33, 64), (31, 2)])
  func theMaskHasThePicturesSize(width: Int, height: Int) throws {
    let prediction = try SmallNetwork.predictor().predict(picture(width, height), name: "a.png")
    #expect(prediction.mask.width == width && prediction.mask.height == height)
    #expect(prediction.mask.labels.allSatisfy { $0 < 3 })
    #expect(prediction.pixels.reduce(0, +) == width * height)
    #expect(prediction.probabilities == nil)
    #expect(prediction.classes == ["ground", "water", "sky"])
  }

  /// Gray, alpha and 16 bits are what their RGB of 8 bits is.
  @Test(arguments: [(1, false), (2, false), (4, false), (1, true), (2, true), (3, true), (4, true)])
  func takesEveryKindOfPicture(channels: Int, wide: Bool) throws {
    let image = picture(21, 10, channels: channels, wide: wide)
    let predictor = try SmallNetwork.predictor()
    let prediction = try predictor.predict(image, name: "a.png")
    #expect(prediction.picture == image.rgb8())
    #expect(prediction.mask == (try predictor.predict(image.rgb8(), name: "a.png")).mask)
    #expect(prediction.mask.width == 21 && prediction.mask.height == 10)
  }

  /// The predictor's own steps, done by hand: normalise, run, take the largest logit.
  @Test func isTheLargestLogitOfTheNormalisedPicture() throws {
    var checkpoint = try SmallNetwork.checkpoint()
    let normalization = Normalization(mean: [0.1, 0.5, 0.9], deviation: [0.25, 0.5, 1])
    checkpoint.normalization = normalization
    let image = picture(13, 9)
    let prediction = try SmallNetwork.predictor(checkpoint).predict(
      image, name: "a.png", wantsProbabilities: true)
    guard case .eight(let samples) = image.samples else { return }
    let values = samples.enumerated().map { index, value -> Float in
      let shifted: Float = Float(value) / 255 - normalization.mean[index % 3]
      return shifted / normalization.deviation[index % 3]
    }
    let input = Tensor(values, shape: [1, 9, 13, 3])
    let model = try InferenceModel(
      try SmallNetwork.graph(), parameters: checkpoint.parameters, pool: ThreadPool(threads: 1))
    let logits = try model.run(input).elements
    let labels = (0..<13 * 9).map { pixel -> UInt8 in
      let own = Array(logits[pixel * 3..<pixel * 3 + 3])
      let best: Int? = own.indices.max { own[$0] < own[$1] }
      return UInt8(best ?? 0)
    }
    #expect(prediction.mask.labels == labels)
    #expect(Set(labels).count > 1, "a picture of one class shows nothing")
    #expect(prediction.probabilities?.shape == [1, 9, 13, 3])
  }

  @Test func sameBitsOnAnyThreadsAndInAnyOrder() throws {
    let (one, three) = (try SmallNetwork.predictor(threads: 1), try SmallNetwork.predictor(threads: 3))
    let sizes = [(40, 30), (30, 40), (17, 5), (40, 30)]
    let first = try sizes.map {
      try one.predict(picture($0.0, $0.1), name: "a", wantsProbabilities: true).probabilities?.elements
    }
    let second = try sizes.reversed().map {
      try three.predict(picture($0.0, $0.1), name: "a", wantsProbabilities: true).probabilities?.elements
    }
    #expect(first == Array(second.reversed()))
  }

  @Test func colorsThatTheCheckpointLacksAreVOC() throws {
    var checkpoint = try SmallNetwork.checkpoint()
    checkpoint.palette = []
    let predictor = try SmallNetwork.predictor(checkpoint)
    #expect(predictor.palette.colors == (0..<3).map { Palette.voc[UInt8($0)] })
  }
}
