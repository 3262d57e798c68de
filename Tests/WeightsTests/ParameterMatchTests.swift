import TensorCore
import Testing
import Weights

@Suite struct ParameterMatchTests {
  private let wanted: [ParameterMatch.Wanted] = [
    ("inc.weight", [2, 3, 1, 1]), ("inc.bias", [2]), ("bn.running_mean", [2]),
    ("outc.weight", [11, 2, 1, 1]),
    ("outc.bias", [11]),
  ]

  private func tensors(_ shapes: KeyValuePairs<String, Shape>) -> [String: Tensor] {
    Dictionary(uniqueKeysWithValues: shapes.map { ($0, Tensor(zeros: $1)) })
  }

  @Test func loadsWhatMatches() throws {
    var found = Dictionary(
      uniqueKeysWithValues: wanted.map { ($0.name, Tensor(repeating: 2, shape: $0.shape)) })
    let expected = found
    found["bn.num_batches_tracked"] = Tensor(zeros: [])
    found["num_batches_tracked"] = Tensor(zeros: [])
    let report = ParameterMatch.report(wanted + [("down.num_batches_tracked", [])], in: found)
    #expect(report.isComplete)
    #expect(report.loaded == wanted.map(\.name))
    #expect(report.differences == "no difference")
    #expect(try ParameterMatch.strict(wanted, in: found, file: "f", model: "unet") == expected)
  }

  @Test func saysWhatDiffers() {
    let found = tensors([
      "inc.weight": [2, 3, 1, 1], "outc.weight": [2, 2, 1, 1], "outc.bias": [2], "z.weight": [1],
      "my_num_batches_tracked": [],
    ])
    let error = #expect(throws: WeightsError.self) {
      try ParameterMatch.strict(wanted, in: found, file: "x.safetensors", model: "unet")
    }
    #expect(
      error?.description
        == "x.safetensors: expected the 5 parameters of unet, found 2 missing (inc.bias, bn.running_mean), "
        + "2 unexpected (my_num_batches_tracked, z.weight), 2 of another shape (outc.weight: expected "
        + "[11, 2, 1, 1], found [2, 2, 1, 1]; outc.bias: expected [11], found [2]); "
        + "use the model and the arguments, such as classes, that the file was made for")
  }

  @Test func namesTheFirstThreeOfMany() {
    let many: [ParameterMatch.Wanted] = (0..<5).map { ("m\($0)", [1]) } + (0..<4).map { ("s\($0)", [2]) }
    let found = tensors([
      "s3": [1], "s1": [1], "s2": [1], "s0": [1], "u4": [1], "u1": [1], "u2": [1], "u3": [1],
    ])
    #expect(
      ParameterMatch.report(many, in: found).differences
        == "5 missing (m0, m1, m2, …), 4 unexpected (u1, u2, u3, …), 4 of another shape (s0: expected [2], "
        + "found [1]; s1: expected [2], found [1]; s2: expected [2], found [1]; …)")
  }

  @Test func findsNothingInNothing() {
    let report = ParameterMatch.report([], in: [:])
    #expect(report.isComplete && report.wanted == 0)
  }
}
