import ArgumentParser
import CStartup

/// The command: gives every pixel of an image a class, and trains the networks that do.
@main
struct Segment: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "segment",
    abstract: "Gives every pixel of an image a class, and trains the networks that do.",
    discussion: """
      segment image.png --model unet            one image
      segment photos/ --output masks/           a folder
      segment train Configs/unet-streets.yaml   a dataset of images and masks
      """,
    version: "0.1.0",
    subcommands: [
      Predict.self, Train.self, Evaluate.self, Classify.self, Heatmap.self, Models.self, Summary.self,
      Run.self, Benchmark.self,
      Decode.self, Export.self,
      DatasetCommand.self, InspectCommand.self,
    ],
    defaultSubcommand: Predict.self)

  static func main() {
    tessera_startup()
    do {
      var command = try parseAsRoot()
      do {
        try command.run()
      } catch  where exitCode(for: error) == .failure && !(error is ExitCode) {
        // Help, usage and a status of its own go on as they are.
        throw OneLineError(error)
      }
    } catch {
      exit(withError: error)
    }
  }
}
