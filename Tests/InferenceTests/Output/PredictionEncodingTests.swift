import Foundation
import Images
import Inference
import TensorCore
import Testing
import Weights

@Suite struct PredictionEncodingTests {
  private func prediction(_ width: Int = 19, _ height: Int = 13) throws -> Prediction {
    try SmallNetwork.predictor().predict(picture(width, height), name: "a.png", wantsProbabilities: true)
  }

  @Test func maskHoldsIndicesAndColors() throws {
    let prediction = try prediction()
    let read = try MaskReader.decode(try prediction.encoded(as: .mask, input: "a.png"), name: "mask")
    #expect(read.width == 19 && read.height == 13)
    #expect(read.values == prediction.mask.labels.map(UInt16.init))
    #expect(
      read.palette == [
        Color(red: 1, green: 2, blue: 3), Color(red: 250, green: 128, blue: 0),
        Color(red: 9, green: 99, blue: 199),
      ])
  }

  @Test func colorShowsTheClasses() throws {
    let prediction = try prediction()
    let image = try ImageReader.decode(try prediction.encoded(as: .color, input: "a.png"), name: "color")
    #expect(image.width == 19 && image.height == 13 && image.channels == 3)
    let colors: [[UInt8]] = [[1, 2, 3], [250, 128, 0], [9, 99, 199]]
    #expect(image.samples == .eight(prediction.mask.labels.flatMap { colors[Int($0)] }))
  }

  @Test func overlayIsHalfPictureHalfColor() throws {
    let prediction = try prediction()
    let image = try ImageReader.decode(try prediction.encoded(as: .overlay, input: "a.png"), name: "overlay")
    #expect(image.width == 19 && image.height == 13 && image.channels == 3)
    guard case .eight(let blended) = image.samples, case .eight(let original) = prediction.picture.samples
    else {
      Issue.record("expected 8-bit samples")
      return
    }
    let colors: [[UInt8]] = [[1, 2, 3], [250, 128, 0], [9, 99, 199]]
    let cover = prediction.mask.labels.flatMap { colors[Int($0)] }
    let difference = blended.indices.map { index -> Int in
      let sum = Int(original[index]) + Int(cover[index])
      return abs(2 * Int(blended[index]) - sum)
    }
    #expect((difference.max() ?? 99) <= 3)
  }

  @Test func probabilitiesOfEveryPixel() throws {
    let prediction = try prediction()
    let file = try SafetensorsReader.read(
      try prediction.encoded(as: .probabilities, input: "a.png"), name: "probabilities")
    let tensor = try file.tensor("probabilities")
    #expect(tensor.shape == [3, 13, 19])
    #expect(file.metadata == ["classes": "ground,water,sky"])
    let values = tensor.elements
    let pixels = 13 * 19
    var largest = [UInt8](repeating: 0, count: pixels)
    for pixel in 0..<pixels {
      let own = (0..<3).map { values[$0 * pixels + pixel] }
      #expect(abs(own.reduce(0, +) - 1) < 1e-5 && own.allSatisfy { (0...1).contains($0) })
      largest[pixel] = UInt8(own.indices.max { own[$0] < own[$1] } ?? 0)
    }
    #expect(largest == prediction.mask.labels)
  }

  @Test func jsonListsTheClasses() throws {
    let prediction = try prediction()
    let bytes = try prediction.encoded(as: .json, input: "dir/a.png")
    let read = try JSONDecoder().decode(PredictionDescription.self, from: Data(bytes))
    #expect(read.input == "dir/a.png" && read.width == 19 && read.height == 13)
    #expect(read.classes == prediction.summary)
    #expect(read.classes.map(\.index) == [0, 1, 2])
    #expect(read.classes.map(\.name) == ["ground", "water", "sky"])
    #expect(read.classes.map(\.pixels).reduce(0, +) == 19 * 13)
    for share in read.classes {
      #expect(share.pixels == prediction.mask.labels.count { Int($0) == share.index })
      #expect(share.share == Double(share.pixels) / Double(19 * 13))
    }
    #expect(String(decoding: bytes, as: UTF8.self).contains("\"dir/a.png\""))
  }
}
