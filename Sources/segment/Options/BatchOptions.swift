import ArgumentParser
import Inference

/// Many images as one job.
struct BatchOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A file of image paths, one for each line, or - for standard input. Of listed files, the tree below the folder that "
        + "they have in common is kept in the output folder.", valueName: "file"))
  var filesFrom: String?

  @Flag(
    name: [.customShort("0"), .customLong("null")],
    help: "Paths of --files-from end with a null byte, as 'find -print0' writes them.")
  var endsWithNull = false

  @Option(
    help: ArgumentHelp(
      "Do part I of N, I of 1…N (0/N is N/N), and write manifest.I-of-N.jsonl: for several machines, with no coordination.",
      valueName: "i/n"))
  var shard: String?

  @Flag(help: "Do images again whose results stand.")
  var overwrite = false

  func validate() throws {
    do { _ = try part() } catch { throw ValidationError("\(error)") }
    if endsWithNull && filesFrom == nil { throw ValidationError("--null: expected --files-from, found none") }
  }

  /// Whether even one image is a job.
  var isBatch: Bool { filesFrom != nil || shard != nil }

  /// The part that `--shard` names.
  func part() throws(InferenceError) -> Shard? {
    guard let shard else { return nil }
    return try Shard(shard)
  }

  /// The paths of `--files-from`.
  func listed() throws(InferenceError) -> [String] {
    guard let filesFrom else { return [] }
    return try PathList.read(filesFrom, endsWithNull: endsWithNull)
  }
}
