import ArgumentParser
import Weights

/// `segment export CHECKPOINT --output OUT.safetensors`
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Copies a checkpoint as safetensors, in another element type for shipping it at half the size.")

  @Argument(help: "A checkpoint (.safetensors, or .pth of PyTorch).")
  var checkpoint: String

  @Option(help: "The safetensors file to write.")
  var output: String

  @Option(help: "How numbers are stored: f32, f16 or bf16.")
  var type = "f16"

  @Option(
    name: .customLong("note"),
    help: "What the checkpoint says of its origin, key=value, such as licence=CC0; may be repeated.")
  var notes: [String] = []

  func validate() throws {
    try ModelOptions.validate(notes, of: "--note")
    if Self.types[type] == nil { throw ValidationError("--type: expected f32, f16 or bf16, found '\(type)'") }
  }

  private static let types: [String: ElementType] = ["f32": .float32, "f16": .float16, "bf16": .bfloat16]

  func run() throws {
    var copy = try Checkpoint.read(checkpoint)
    for remark in copy.remarks { Console.note("\(checkpoint): \(remark)") }
    if copy.architecture == nil && !notes.isEmpty {
      throw CommandError.notesWithoutArchitecture(file: checkpoint)
    }
    copy.provenance.merge(ModelOptions.pairs(notes)) { $1 }
    let wide = try copy.write(to: output, as: Self.types[type] ?? .float16)
    if !wide.isEmpty {
      Console.note(
        "\(output): \(wide.joined(separator: ", ")): stored as F32, because \(type.uppercased()) does not reach so far"
      )
    }
  }
}
