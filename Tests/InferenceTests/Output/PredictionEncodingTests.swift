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

  /// The one file of a format.
  private func bytes(_ prediction: Prediction, _ format: ResultFormat, _ input: String = "a.png") throws
    -> [UInt8]
  {
    let files = prediction.files(as: format, input: input)
    #expect(files.map(\.suffix) == [format.suffix])
    return try files[0].bytes()
  }

  @Test func maskHoldsIndicesAndColors() throws {
    let prediction = try prediction()
    let read = try MaskReader.decode(try bytes(prediction, .mask), name: "mask")
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
    let image = try ImageReader.decode(try bytes(prediction, .color), name: "color")
    #expect(image.width == 19 && image.height == 13 && image.channels == 3)
    let colors: [[UInt8]] = [[1, 2, 3], [250, 128, 0], [9, 99, 199]]
    #expect(image.samples == .eight(prediction.mask.labels.flatMap { colors[Int($0)] }))
  }

  /// Half picture, half colour; below it and beside it, the legend.
  @Test func overlayIsHalfPictureHalfColor() throws {
    let prediction = try prediction()
    let whole = try ImageReader.decode(try bytes(prediction, .overlay), name: "overlay")
    #expect(whole.width > 19 && whole.height > 13 + 3 * 7 && whole.channels == 3)
    let image = whole.cropped(x: 0, y: 0, width: 19, height: 13)
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
    let rest = whole.cropped(x: 19, y: 0, width: whole.width - 19, height: 13)
    #expect((rest.samples == .eight([UInt8](repeating: 255, count: (whole.width - 19) * 13 * 3))) == true)
    let present = zip(["ground", "water", "sky"], colors).enumerated().filter {
      prediction.pixels[$0.offset] > 0
    }
    let legend = Legend(
      present.map {
        .init(name: $1.0, color: Color(red: $1.1[0], green: $1.1[1], blue: $1.1[2]))
      }, width: 19, height: 13)
    let strip = whole.cropped(x: 0, y: 13, width: whole.width, height: whole.height - 13)
    #expect((strip == legend.picture) == true, "another legend")
  }

  private func chosen(_ labels: [UInt8], _ chosen: [Int]?) -> Prediction {
    Prediction(
      mask: Mask(width: 3, height: 1, labels: labels),
      source: Raster(width: 3, height: 1, channels: 1, samples: .eight([10, 20, 30])),
      classes: ["ground", "water", "sky"],
      palette: Palette([Color(red: 1, green: 2, blue: 3), Color(red: 250, green: 128, blue: 0)]),
      chosenClasses: chosen, probabilities: Tensor([1, 0, 0, 0, 0.5, 0.25, 0, 2, -1], shape: [1, 1, 3, 3]))
  }

  @Test func cutoutHoldsChosenClasses() throws {
    let some = try ImageReader.decode(try bytes(chosen([0, 255, 2], [0]), .cutout), name: "cutout")
    #expect(some.channels == 4)
    #expect(some.samples == .eight([10, 10, 10, 255, 0, 0, 0, 0, 0, 0, 0, 0]))
    let rest = try ImageReader.decode(try bytes(chosen([0, 1, 2], nil), .cutout), name: "cutout")
    #expect(rest.samples == .eight([0, 0, 0, 0, 20, 20, 20, 255, 30, 30, 30, 255]))
  }

  /// Pixels of no class are black, and bare in the overlay.
  @Test func pixelsOfNoClass() throws {
    let prediction = chosen([0, 255, 1], [0, 1])
    let color = try ImageReader.decode(try bytes(prediction, .color), name: "color")
    #expect(color.samples == .eight([1, 2, 3, 0, 0, 0, 250, 128, 0]))
    let mask = try MaskReader.decode(try bytes(prediction, .mask), name: "mask")
    #expect(mask.values == [0, 255, 1] && mask.palette?.count == 256)
    #expect(mask.palette?.last == Color(red: 0, green: 0, blue: 0))
    let overlay = try ImageReader.decode(try bytes(prediction, .overlay), name: "overlay")
    #expect(overlay.cropped(x: 1, y: 0, width: 1, height: 1).samples == .eight([20, 20, 20]))
  }

  @Test func probabilityMapsOfChosenClasses() throws {
    let files = chosen([0, 1, 2], [1, 2]).files(as: .probabilityMaps, input: "a.png")
    #expect(files.map(\.suffix) == [".probabilities.water.png", ".probabilities.sky.png"])
    let maps = try files.map { try ImageReader.decode(try $0.bytes(), name: $0.suffix) }
    #expect(maps.allSatisfy { $0.width == 3 && $0.height == 1 && $0.channels == 1 })
    #expect(maps.map(\.samples) == [.sixteen([0, 32768, 65535]), .sixteen([0, 16384, 0])])
    #expect(chosen([0, 1, 2], nil).files(as: .probabilityMaps, input: "a").count == 3)
  }

  @Test func probabilitiesOfEveryPixel() throws {
    let prediction = try prediction()
    let file = try SafetensorsReader.read(
      try bytes(prediction, .probabilities), name: "probabilities")
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
    let bytes = try bytes(prediction, .json, "dir/\"a\".png")
    let read = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    #expect(Set(read.keys) == ["input", "width", "height", "classes"])
    #expect(read["input"] as? String == "dir/\"a\".png")
    #expect(read["width"] as? Int == 19 && read["height"] as? Int == 13)
    let classes = try #require(read["classes"] as? [[String: Any]])
    #expect(classes.map { $0["index"] as? Int } == [0, 1, 2])
    #expect(classes.map { $0["name"] as? String } == ["ground", "water", "sky"])
    #expect(classes.map { $0["pixels"] as? Int } == prediction.summary.map(\.pixels))
    for (value, share) in zip(classes, prediction.summary) {
      #expect(abs((value["share"] as? Double ?? -1) - share.share) < 1e-12)
    }
    let described = PredictionDescription(prediction, input: "x").classes
    for (value, expected) in zip(classes, described) {
      let lengths = try #require(value["rle"] as? [String: Any])
      #expect(lengths["size"] as? [Int] == [13, 19])
      #expect(lengths["counts"] as? String == expected.runLengths)
      let regions = try #require(value["regions"] as? [[String: Any]])
      #expect(regions.map { $0["area"] as? Int } == expected.regions.map(\.area))
      #expect(
        regions.map { $0["box"] as? [Int] }
          == expected.regions.map { [$0.box.x, $0.box.y, $0.box.width, $0.box.height] })
      #expect(
        regions.map { $0["polygon"] as? [[[Int]]] }
          == expected.regions.map { $0.polygon.map { $0.map { [$0.x, $0.y] } } })
    }
  }
}
