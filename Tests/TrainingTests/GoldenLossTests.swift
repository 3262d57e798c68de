import Foundation
import Layers
import TensorCore
import Testing
import Weights

/// The losses and their gradients, of segmentation_models.pytorch and PyTorch in Tools/Golden/losses.py.
@Suite struct GoldenLossTests {
  private let file: SafetensorsFile

  init() throws {
    let folder = Bundle.module.resourceURL ?? Bundle.module.bundleURL
    file = try SafetensorsReader.read(folder.appendingPathComponent("Golden/losses.safetensors").path)
  }

  /// The loss, and what backward writes for the logits.
  private func run(_ loss: any LogitsLoss, _ logits: Tensor, _ labels: Tensor, threads: Int) -> [Tensor] {
    let pool = ThreadPool(threads: threads)
    let shapes = [logits.shape, labels.shape]
    let number: Shape = [1, 1, 1, 1]
    // Everything that the passes read and write, alive until the end.
    let memory = (shapes + shapes + [logits.shape, number, number]).map { AlignedStorage(count: $0.count) }
    func view(_ index: Int, _ shape: Shape) -> TensorView { TensorView(memory[index].pointer, shape: shape) }
    let inputs = [view(0, shapes[0]), view(1, shapes[1])]
    let targets = [view(2, shapes[0]), view(3, shapes[1])]
    let (saved, value, one) = (view(4, shapes[0]), view(5, number), view(6, number))
    inputs[0].copy(from: logits)
    inputs[1].copy(from: labels)
    one.pointer.pointee = 1
    let scratch = AlignedStorage(count: loss.workspace(for: shapes, .forward, threads: threads))
    return withExtendedLifetime((memory, scratch)) {
      loss.forward(
        ForwardPass(
          inputs: inputs, outputs: [value], saved: [saved], workspace: scratch.pointer, mode: .training,
          pool: pool))
      loss.backward(
        BackwardPass(
          inputs: inputs, outputs: [value], saved: [saved], outputGradients: [one], inputGradients: targets,
          workspace: scratch.pointer, pool: pool))
      return [value.tensor(), targets[0].tensor()]
    }
  }

  @Test(arguments: [
    ("binary_cross_entropy", BinaryCrossEntropy(ignoreIndex: 255) as any LogitsLoss),
    ("dice", OverlapLoss.dice(ignoreIndex: 255)),
    ("dice_smooth", OverlapLoss.dice(smooth: 3, ignoreIndex: 255)),
    ("jaccard", OverlapLoss.jaccard(smooth: 2, ignoreIndex: 255)),
    ("tversky", OverlapLoss(alpha: 0.3, beta: 0.7, ignoreIndex: 255)),
    ("lovasz", LovaszSoftmax(ignoreIndex: 255)),
    ("focal", FocalLoss(ignoreIndex: 255)),
    ("focal_alpha", FocalLoss(gamma: 1.5, alpha: 0.25, ignoreIndex: 255)),
    ("hard", HardPixelCrossEntropy(ignoreIndex: 255)),
    ("hard_share", HardPixelCrossEntropy(threshold: 0.001, keep: 0.4, ignoreIndex: 255)),
    ("boundary", BoundaryCrossEntropy(ignoreIndex: 255)),
    (
      "boundary_weighted",
      BoundaryCrossEntropy(w0: 4, sigma: 1.5, classWeights: [0.5, 2, 1, 3], ignoreIndex: 255)
    ),
  ])
  func agrees(name: String, loss: any LogitsLoss) throws {
    let logits = try file.tensor("logits").channelsLast()
    let labels = try file.tensor("labels").reshaped(logits.shape.with(channels: 1))
    let expected = try file.tensor("\(name).gradient").channelsLast().elements
    let found = run(loss, logits, labels, threads: 1)
    #expect(abs(found[0].elements[0] - (try file.tensor("\(name).loss").elements[0])) <= 1e-6)
    #expect(zip(found[1].elements, expected).allSatisfy { abs($0 - $1) <= 1e-7 + 1e-5 * abs($1) })
    #expect(run(loss, logits, labels, threads: 3) == found)
  }
}
