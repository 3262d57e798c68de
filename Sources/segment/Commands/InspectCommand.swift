import ArgumentParser
import Inspection

/// `segment inspect …`
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Draws what a network learned.",
    discussion:
      "'segment summary MODEL' lists the names of a network's layers; the start of a name, up to a dot, is the last "
      + "layer below it. Pictures are PNG, or one HTML page if --output ends in .html.",
    subcommands: [
      InspectField.self, InspectFilters.self, InspectActivations.self, InspectCam.self, InspectMaximize.self,
      InspectErrors.self, InspectPointing.self,
    ])
}

/// Where a picture goes.
struct SheetOptions: ParsableArguments {
  @Flag(help: "Print one JSON value.")
  var json = false

  @OptionGroup var threadOptions: ThreadOptions
}

/// Throws a usage error for a name that a sheet cannot be written to.
func requireSheet(_ path: String) throws {
  do {
    try PictureSheet.check(path: path)
  } catch {
    throw ValidationError("--output: \(error)")
  }
}
