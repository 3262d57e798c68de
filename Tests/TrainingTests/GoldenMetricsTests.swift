import Foundation
import TensorCore
import Testing
import Training
import Weights

/// The scores of two masks, of NumPy in Tools/Golden/metrics.py.
@Suite struct GoldenMetricsTests {
  private let file: SafetensorsFile

  init() throws {
    let folder = Bundle.module.resourceURL ?? Bundle.module.bundleURL
    file = try SafetensorsReader.read(folder.appendingPathComponent("Golden/metrics.safetensors").path)
  }

  private func expect(
    _ found: [Double?], _ name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let expected = try file.tensor(name).elements
    #expect(found.count == expected.count, "\(name)", sourceLocation: sourceLocation)
    for (value, reference) in zip(found, expected) {
      #expect(abs((value ?? -1) - Double(reference)) <= 1e-6, "\(name)", sourceLocation: sourceLocation)
    }
  }

  @Test func agree() throws {
    let truth = try file.tensor("truth")
    let (height, width) = (truth.shape[1], truth.shape[2])
    let labels = truth.elements.map { UInt8($0) }
    let prediction = try file.tensor("prediction").elements.map { UInt8($0) }
    var confusion = ConfusionMatrix(classes: 4)
    var boundary = BoundaryScore(classes: 4)
    for image in 0..<truth.shape[0] {
      let pixels = image * height * width..<(image + 1) * height * width
      let (expected, found) = (Array(labels[pixels]), Array(prediction[pixels]))
      confusion.add(truth: expected, prediction: found)
      boundary.add(truth: expected, prediction: found, width: width, height: height)
    }
    try expect(confusion.iou, "iou")
    try expect(confusion.dice, "dice")
    try expect(confusion.accuracies, "accuracy")
    try expect([confusion.pixelAccuracy], "pixel_accuracy")
    try expect([confusion.frequencyWeightedIoU], "frequency_weighted_iou")
    try expect(boundary.f1, "boundary_f1")
  }
}
