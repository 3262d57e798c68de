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
  private func run(_ loss: any LogitsLoss, _ logits: Tensor, _ labels: Tensor, threads: Int) throws -> [Tensor] {
    let pool = ThreadPool(threads: threads)
    let shapes = [logits.shape, labels.shape]
    var (logits, labels) = (logits, labels)
    var (value, saved) = (Tensor([0], shape: [1, 1, 1, 1]), Tensor(zeros: logits.shape))
    var (gradient, one) = (Tensor(zeros: logits.shape), Tensor([1], shape: [1, 1, 1, 1]))
    var unused = Tensor(zeros: labels.shape)
    let memory = AlignedStorage(count: loss.workspace(for: shapes, .forward, threads: threads))
    func view(_ tensor: inout Tensor) throws -> TensorView {
      let shape = tensor.shape
      return TensorView(
        try tensor.withUnsafeMutableElements { try #require($0.baseAddress) }, shape: shape)
    }
    let inputs = [try view(&logits), try view(&labels)]
    let (output, kept) = (try view(&value), try view(&saved))
    loss.forward(
      ForwardPass(
        inputs: inputs, outputs: [output], saved: [kept], workspace: memory.pointer, mode: .training, pool: pool))
    let targets = [try view(&gradient), try view(&unused)]
    loss.backward(
      BackwardPass(
        inputs: inputs, outputs: [output], saved: [kept], outputGradients: [try view(&one)],
        inputGradients: targets, workspace: memory.pointer, pool: pool))
    return withExtendedLifetime((logits, labels, memory)) { [output.tensor(), targets[0].tensor()] }
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
    let found = try run(loss, logits, labels, threads: 1)
    #expect(abs(found[0].elements[0] - (try file.tensor("\(name).loss").elements[0])) <= 1e-6)
    #expect(zip(found[1].elements, expected).allSatisfy { abs($0 - $1) <= 1e-7 + 1e-5 * abs($1) })
    #expect(try run(loss, logits, labels, threads: 3) == found)
  }
}
