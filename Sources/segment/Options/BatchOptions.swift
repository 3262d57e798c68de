import ArgumentParser
import Inference

/// Many images as one job.
struct BatchOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A file of image paths, one for each line, or - for standard input; relative ones begin at the current folder. In "
        + "the output folder they lie as they do below --root.", valueName: "file"))
  var filesFrom: String?

  @Option(
    help: ArgumentHelp("The folder that listed images lie in. Default: the current one.", valueName: "folder")
  )
  var root: String?

  @Flag(
    name: [.customShort("0"), .customLong("null")],
    help: "Paths of --files-from end with a null byte, as 'find -print0' writes them.")
  var endsWithNull = false

  @Option(
    help: ArgumentHelp(
      "Do part I of N, I of 1…N (0/N is N/N), and write manifest.I-of-N.jsonl: for several machines, with no coordination.",
      valueName: "i/n"))
  var shard: String?

  @Flag(
    help:
      "Do images again whose results stand, and replace files of those names that are not results of theirs."
  )
  var overwrite = false

  func validate() throws {
    do { _ = try part() } catch { throw ValidationError("\(error)") }
    if root != nil && filesFrom == nil { throw ValidationError("--root: expected --files-from, found none") }
    if endsWithNull && filesFrom == nil { throw ValidationError("--null: expected --files-from, found none") }
  }

  /// Whether even one image is a job.
  var isBatch: Bool { filesFrom != nil || shard != nil }

  /// The part that `--shard` names.
  func part() throws(InferenceError) -> Shard? {
    guard let shard else { return nil }
    return try Shard(shard)
  }

  /// The paths of `--files-from`, if it is given.
  func listed() throws(InferenceError) -> PathList? {
    guard let filesFrom else { return nil }
    return try PathList(filesFrom, endsWithNull: endsWithNull)
  }
}
