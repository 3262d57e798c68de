import ArgumentParser
import Inspection

/// `segment inspect …`
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Draws what a network learned.",
    discussion:
      "'segment summary MODEL' lists the names of a network's layers; the start of a name, up to a dot, is the end of "
      + "that block. Pictures are PNG, or one HTML page if --output ends in .html.",
    subcommands: [
      InspectField.self, InspectFilters.self, InspectActivations.self, InspectCam.self, InspectMaximize.self,
      InspectErrors.self, InspectPointing.self,
    ])
}
