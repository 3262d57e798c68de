import Graphs
import TensorCore
import Testing
import Weights

/// A classifier's parameters in networks that are built on it.
@Suite struct BackboneTests {
  private static let wanted: [ParameterMatch.Wanted] = [
    ("encoder.conv1.weight", [2, 3, 3, 3]), ("encoder.bn1.running_var", [2]), ("decoder.0.weight", [4, 2]),
    ("head.bias", [4]),
  ]
  private static let transfer = BackboneTransfer(
    prefix: "encoder.", fresh: ["decoder.", "head."], head: ["fc."])

  private func classifier(_ others: [String: Tensor] = [:]) -> Checkpoint {
    let own: [String: Tensor] = [
      "conv1.weight": Tensor(repeating: 1, shape: [2, 3, 3, 3]),
      "bn1.running_var": Tensor([2, 3], shape: [2]),
      "fc.weight": Tensor(zeros: [7, 2]), "fc.bias": Tensor(zeros: [7]),
    ]
    return Checkpoint(architecture: nil, parameters: own.merging(others) { $1 })
  }

  private func refusal(_ checkpoint: Checkpoint, _ transfer: BackboneTransfer = transfer) -> String {
    do throws(WeightsError) {
      _ = try checkpoint.backbone(for: Self.wanted, by: transfer, file: "c.pth", model: "net")
      return "none"
    } catch {
      return error.description
    }
  }

  @Test func putsThePrefixBeforeNames() throws {
    let loaded = try classifier().backbone(for: Self.wanted, by: Self.transfer, file: "c.pth", model: "net")
    #expect(loaded.tensors.keys.sorted() == ["encoder.bn1.running_var", "encoder.conv1.weight"])
    #expect(loaded.tensors["encoder.bn1.running_var"] == Tensor([2, 3], shape: [2]))
    #expect(
      loaded.remarks == [
        "loaded 2 parameters of the backbone; 2 stay fresh (decoder.0.weight, head.bias), "
          + "left out 2 (fc.bias, fc.weight)"
      ])
  }

  @Test func takesOffWrappers() throws {
    var wrapped = classifier()
    wrapped.parameters = Dictionary(
      uniqueKeysWithValues: wrapped.parameters.map { ("module.\($0.key)", $0.value) })
    let loaded = try wrapped.backbone(for: Self.wanted, by: Self.transfer, file: "c.pth", model: "net")
    #expect(loaded.tensors.count == 2)
  }

  /// The network's own checkpoint, of other classes.
  @Test func takesTheNetworksOwnNames() throws {
    let own = Checkpoint(
      architecture: "net",
      parameters: [
        "encoder.conv1.weight": Tensor(zeros: [2, 3, 3, 3]), "encoder.bn1.running_var": Tensor(zeros: [2]),
        "decoder.0.weight": Tensor(zeros: [9, 2]), "head.bias": Tensor(zeros: [9]),
      ])
    let loaded = try own.backbone(for: Self.wanted, by: Self.transfer, file: "c.pth", model: "net")
    #expect(loaded.tensors.keys.sorted() == ["encoder.bn1.running_var", "encoder.conv1.weight"])
  }

  @Test func refusesOtherClassifiers() {
    let start = "c.pth: expected the 2 parameters of net's backbone, found "
    let end = "; name a file of the classifier that the model is built on"
    // A deeper classifier has all that is wanted, and more.
    #expect(
      refusal(classifier(["layer9.weight": Tensor(zeros: [1])])) == start + "1 unexpected (layer9.weight)"
        + end)
    var shallow = classifier()
    shallow.parameters["bn1.running_var"] = nil
    #expect(refusal(shallow) == start + "1 missing (encoder.bn1.running_var)" + end)
    #expect(
      refusal(classifier(["bn1.running_var": Tensor(zeros: [3])]))
        == start + "1 of another shape (encoder.bn1.running_var: expected [2], found [3])" + end)
    #expect(
      refusal(Checkpoint(architecture: nil, parameters: [:]))
        == start + "2 missing (encoder.conv1.weight, encoder.bn1.running_var)" + end)
    let nothing = BackboneTransfer(
      fresh: ["encoder.", "decoder.", "head."], head: ["conv1.", "bn1.", "fc."])
    #expect(refusal(classifier(), nothing).hasPrefix("c.pth: expected the 0 parameters of net's backbone"))
  }

  @Test func readsOldNamesOfDenseNets() throws {
    let old = Checkpoint(
      architecture: nil, parameters: ["features.denselayer1.norm.1.weight": Tensor([5], shape: [1])])
    let loaded = try old.backbone(
      for: [("encoder.features.denselayer1.norm1.weight", [1])],
      by: BackboneTransfer(prefix: "encoder.", fresh: []),
      file: "c.pth", model: "net")
    #expect(loaded.tensors == ["encoder.features.denselayer1.norm1.weight": Tensor([5], shape: [1])])
  }

  /// PyTorch's order of what a dense layer reads: channels, rows, columns.
  @Test func reshapesDenseLayersAsPyTorchReadsThem() throws {
    let golden = try Golden.expected()
    let dense = Checkpoint(
      architecture: nil, parameters: ["classifier.0.weight": try golden.tensor("dense.weight")])
    let wanted: [ParameterMatch.Wanted] = [("classifier.0.weight", [4, 2, 3, 3])]
    let loaded = try dense.backbone(
      for: wanted, by: BackboneTransfer(fresh: [], reshaped: ["classifier.0.weight"]), file: "c.pth",
      model: "net")
    let expected = try golden.tensor("dense.convolution")
    let found = try #require(loaded.tensors["classifier.0.weight"])
    #expect(found.shape == expected.shape)
    for (found, expected) in zip(found.elements, expected.elements) { #expect(abs(found - expected) < 1e-6) }
    // Only layers that are listed may change their shape.
    #expect(throws: WeightsError.self) {
      try dense.backbone(for: wanted, by: BackboneTransfer(fresh: []), file: "c.pth", model: "net")
    }
    let transposed: [ParameterMatch.Wanted] = [("classifier.0.weight", [2, 4, 3, 3])]
    #expect(throws: WeightsError.self) {
      try dense.backbone(
        for: transposed, by: BackboneTransfer(fresh: [], reshaped: ["classifier.0.weight"]), file: "c.pth",
        model: "net")
    }
  }

  @Test func foldsBatchNormAsPyTorchDoes() throws {
    let golden = try Golden.expected()
    let checkpoint = try Checkpoint.read(Golden.path("plain.pth"))
    let transfer = BackboneTransfer(
      fresh: [], folded: [.init(convolution: "conv", norm: "bn", target: "features.0")])
    let loaded = try checkpoint.backbone(
      for: [("features.0.weight", [3, 2, 3, 3]), ("features.0.bias", [3])], by: transfer, file: "c.pth",
      model: "net")
    for part in ["weight", "bias"] {
      let expected = try golden.tensor("fused.\(part)")
      let found = try #require(loaded.tensors["features.0.\(part)"])
      #expect(found.shape == expected.shape)
      for (found, expected) in zip(found.elements, expected.elements) {
        #expect(abs(found - expected) < 1e-6)
      }
    }
  }

  /// A network with batch norm gets it as it is.
  @Test func leavesBatchNormThatIsNotListed() throws {
    let checkpoint = try Checkpoint.read(Golden.path("plain.pth"))
    let wanted: [ParameterMatch.Wanted] = checkpoint.parameters.map { ($0.key, $0.value.shape) }
    let loaded = try checkpoint.backbone(
      for: wanted, by: BackboneTransfer(fresh: []), file: "c.pth", model: "net")
    #expect(loaded.tensors == checkpoint.parameters)
  }
}
