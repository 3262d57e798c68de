import TensorCore
import Testing
import Weights

/// Files of torch.save against what they were made from.
@Suite struct PyTorchReaderTests {
  private static let names = [
    "conv.weight", "conv.bias", "bn.weight", "bn.bias", "bn.running_mean", "bn.running_var",
  ]

  @Test(arguments: ["plain.pth", "legacy.pth", "protocol4.pth", "legacy_protocol4.pth"])
  func readsStateDictionaries(_ name: String) throws {
    let checkpoint = try Checkpoint.read(Golden.path(name))
    let expected = try Golden.expected()
    #expect(checkpoint.architecture == nil)
    #expect(checkpoint.remarks == [])
    #expect(Set(checkpoint.parameters.keys) == Set(Self.names))
    for name in Self.names {
      #expect(checkpoint.parameters[name] == (try expected.tensor("plain.\(name)")), "\(name)")
    }
  }

  @Test(arguments: ["half.pth", "brain.pth", "double.pth"]) func convertsElements(_ name: String) throws {
    let checkpoint = try Checkpoint.read(Golden.path(name))
    let expected = try Golden.expected()
    #expect(checkpoint.parameters.count == Self.names.count)
    for name in Self.names {
      #expect(checkpoint.parameters[name] == (try expected.tensor("rounded.\(name)")), "\(name)")
    }
  }

  @Test(arguments: ["views.pth", "legacy_views.pth"]) func readsViewsOfSharedStorages(_ name: String) throws {
    let file = try PyTorchReader.read(Golden.path(name))
    let expected = try Golden.expected()
    #expect(
      file.entries.map(\.name) == [
        "whole", "transposed", "sliced", "row", "permuted", "channels_last", "scalar", "empty", "single",
      ])
    for entry in file.entries {
      #expect(try file.tensor(entry.name) == expected.tensor("views.\(entry.name)"), "\(entry.name)")
    }
  }

  @Test(arguments: ["wrapped.pth", "legacy_wrapped.pth"]) func findsTheStateDictionary(_ name: String) throws
  {
    let file = try PyTorchReader.read(Golden.path(name))
    #expect(file.path == ["state_dict"])
    #expect(file.leftOut == ["epoch", "arch", "loss", "history", "best", "optimizer"])
    let checkpoint = try Checkpoint.read(Golden.path(name))
    #expect(checkpoint.remarks == ["took the tensors of 'state_dict'; left out epoch, arch, loss, …"])
    #expect(
      checkpoint.parameters["module.conv.weight"] == (try Golden.expected().tensor("plain.conv.weight")))
  }

  @Test func readsParameters() throws {
    let checkpoint = try Checkpoint.read(Golden.path("parameters.pth"))
    #expect(Set(checkpoint.parameters.keys) == Set(Self.names.prefix(4)))
    #expect(checkpoint.parameters["bn.bias"] == (try Golden.expected().tensor("plain.bn.bias")))
  }

  @Test func leavesCountersOut() throws {
    #expect(try Checkpoint.read(Golden.path("counter.pth")).parameters.keys.sorted() == ["w"])
    let path = Golden.path("integer.pth")
    let error = #expect(throws: WeightsError.self) { try Checkpoint.read(path) }
    #expect(
      error?.description
        == "\(path): conv.weight: expected floating-point numbers in a parameter, found I64")
  }

  private static let remedy = "; save the parameters alone, torch.save(model.state_dict(), 'model.pth')"

  static let refused: [(file: String, message: String)] = [
    ("command.pth", "expected tensors only, found a call of '\(commandName)'\(remedy)"),
    (
      "module.pth",
      "expected a state dictionary, found an object of 'torch.nn.modules.container.Sequential'\(remedy)"
    ),
    ("scripted.pt", "expected a state dictionary, found a TorchScript program\(remedy)"),
    ("sparse.pth", "expected tensors only, found a call of 'torch.serialization._get_layout'\(remedy)"),
    ("expanded.pth", "w: expected at most the 1 elements of its storage, found 1000000"),
    ("list.pth", "expected a state dictionary, found a list\(remedy)"),
    ("nothing.pth", "expected a state dictionary, found a dictionary of epoch, name\(remedy)"),
    ("big_endian.pth", "plain/byteorder: expected little, found big"),
    (
      "deflated.pth",
      "plain/byteorder: expected a stored entry, as PyTorch writes them, found a deflated one; unpack it and save it "
        + "again with torch.save"
    ),
  ]
  /// Where `os.system` really lives.
  private static let commandName = "posix.system"

  @Test(arguments: refused.indices) func refuses(_ index: Int) throws {
    let (file, message) = Self.refused[index]
    let path = Golden.path(file)
    let error = #expect(throws: WeightsError.self) { try Checkpoint.read(path) }
    #expect(error?.description == "\(path): \(message)")
  }

  /// Every start of a file is refused, or, where only the end of a comment would be missing, equal.
  @Test(arguments: ["plain.pth", "legacy.pth", "legacy_protocol4.pth"]) func refusesCutFiles(_ name: String)
    throws
  {
    let bytes = try Golden.bytes(name)
    for count in 0..<bytes.count {
      #expect(throws: WeightsError.self, "\(count) bytes") {
        try PyTorchReader.read(Array(bytes[..<count]), name: name)
      }
    }
  }

  /// A changed byte gives an error or other numbers, and never ends the program.
  @Test(arguments: ["plain.pth", "legacy.pth", "views.pth", "wrapped.pth"]) func survivesDamage(
    _ name: String
  ) throws {
    let bytes = try Golden.bytes(name)
    var random = RandomStream(seed: 5)
    var read = 0
    for place in bytes.indices {
      for _ in 0..<3 {
        var damaged = bytes
        damaged[place] = UInt8(truncatingIfNeeded: random.next())
        guard let file = try? PyTorchReader.read(damaged, name: name) else { continue }
        for entry in file.entries { _ = try? file.tensor(entry.name) }
        read += 1
      }
    }
    #expect(read > bytes.count / 2)
  }

  @Test func tellsFilesApart() throws {
    for name in ["plain.pth", "legacy.pth", "legacy_protocol4.pth"] {
      #expect(PyTorchReader.recognizes(try Golden.bytes(name)))
    }
    #expect(!PyTorchReader.recognizes(try Golden.bytes("expected.safetensors")))
    // Headers whose lengths look like a zip archive's and a pickle's start.
    #expect(!PyTorchReader.recognizes([0x50, 0x4b, 3, 4, 0, 0, 0, 0, 0x7b, 0x7d]))
    #expect(!PyTorchReader.recognizes([0x80, 2, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d]))
    #expect(!PyTorchReader.recognizes([]))
  }

  @Test func saysWhichTensorIsNotThere() throws {
    let file = try PyTorchReader.read(Golden.path("plain.pth"))
    let error = #expect(throws: WeightsError.self) { try file.tensor("x") }
    #expect(
      error?.description
        == "\(Golden.path("plain.pth")): expected a tensor x, found bn.bias, bn.num_batches_tracked, bn.running_mean, …"
    )
  }
}
