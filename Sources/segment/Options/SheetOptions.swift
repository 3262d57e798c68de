import ArgumentParser
import Files
import Inference
import Inspection
import TensorCore

/// A command that writes a picture.
protocol PictureCommand {
  /// The file that it writes where nobody names one.
  static var picture: String { get }
}

/// How results are told, and on how many threads they are found.
struct ReportOptions: ParsableArguments {
  @Flag(help: "Print one JSON value.")
  var json = false

  @OptionGroup var threadOptions: ThreadOptions

  /// The pool to work on.
  func pool() -> ThreadPool { threadOptions.pool() }

  /// Prints a value for scripts, or a text for people.
  func print(_ value: some Encodable, or text: String) throws {
    try json ? Console.json(value) : Console.result(text)
  }
}

/// Where a command's picture goes, how its results are told, and on how many threads they are found.
struct SheetOptions<Command: PictureCommand>: ParsableArguments {
  @Option(help: "The picture to write (.png or .html).")
  var output = Command.picture

  @OptionGroup var reportOptions: ReportOptions

  func validate() throws {
    do {
      try PictureSheet.check(path: output)
    } catch {
      throw ValidationError("--output: \(error)")
    }
  }

  /// The pool to work on.
  func pool() -> ThreadPool { reportOptions.pool() }

  /// Prints a value for scripts, or a text for people.
  func print(_ value: some Encodable, or text: String) throws { try reportOptions.print(value, or: text) }

  /// Throws when the picture would replace the one that it is of.
  func check(input: String) throws {
    if output.isSameFile(as: input) { throw InferenceError.outputIsInput(path: output) }
  }

  /// Writes a sheet whole or not at all.
  func write(_ sheet: PictureSheet) throws { try DurableFile.write(try sheet.bytes(for: output), to: output) }
}
