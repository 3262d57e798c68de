import Datasets
import Foundation
import Images
import Inspection
import Segmentation
import TensorCore
import Testing
import Weights

/// What the `unet` that ships gives.
@Suite struct ShippedModelTests {
  private let pool = ThreadPool(threads: 2)

  private func unet() throws -> InspectedNetwork {
    let checkpoint = try Checkpoint.read(try ShippedModels.installed().model("unet").path)
    return try InspectedNetwork(
      name: "unet", graph: try NetworkRegistry.graph("unet", arguments: checkpoint.arguments),
      parameters: checkpoint.parameters, normalization: checkpoint.normalization ?? .imageNet,
      classes: checkpoint.classes)
  }

  /// Of the first channels of some blocks, whichever weights ship: most of those that noise wakes.
  @Test func maximizedInputsRaiseTheirChannelTenfold() throws {
    let network = try unet()
    var settings = MaximizationSettings()
    (settings.size, settings.steps) = (48, 24)
    let found = try ["down1", "down3", "up2"].flatMap { layer in
      try network.maximized(
        layer: try network.layer(layer), channels: [0, 1, 2, 3], settings: settings, pool: pool)
    }
    let ratios = found.filter { !$0.isDeadOnNoise }.map(\.ratio)
    #expect(2 * ratios.count { $0 >= 10 } > ratios.count, "\(ratios)")
    #expect(found.allSatisfy { $0.strength.mean >= $0.noise.mean })
  }

  /// On some images of CamVid's validation; `segment inspect pointing` takes them all.
  @Test(.enabled(if: camvid != nil, "skipped: no data")) func gradCAMPointsAtItsClass() throws {
    let network = try unet()
    let dataset = try Dataset(try DatasetDescription.read(try #require(camvid)), split: "val")
    var round = PointingRound(network, pool: pool)
    for index in [0, 50, 100] where index < dataset.count {
      let sample = try dataset.sample(at: index)
      try round.add(sample.image, truth: try #require(sample.mask))
    }
    let game = round.game
    #expect(game.pairs > 15)
    let (accuracy, chance) = (try #require(game.accuracy), try #require(game.chance))
    #expect(accuracy > 2 * chance, "\(accuracy) against \(chance)")
  }
}

/// The description of CamVid, where its data lie beside the project.
private let camvid: String? = {
  let descriptions = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Datasets/camvid.yaml").path
  guard let description = try? DatasetDescription.read(descriptions) else { return nil }
  return (try? Dataset(description, split: "val")) == nil ? nil : descriptions
}()
