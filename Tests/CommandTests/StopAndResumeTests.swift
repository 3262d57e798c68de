import Foundation
import TensorCore
import Testing

/// The program, stopped by signals and resumed; `Tools/kill-test` does it fifty times.
@Suite struct StopAndResumeTests {
  private static let results = ["best.safetensors", "last.safetensors"]

  private func place() throws -> Workplace {
    let place = try Workplace()
    try place.dataset(recipeLines: "save_every: 1\nschedule: {name: cosine}\naverage: 0.9")
    return place
  }

  private func arguments(_ place: Workplace, _ folder: String) -> [String] {
    let resumes = ["state.safetensors", "state.previous.safetensors"].contains {
      place.exists("\(folder)/\($0)")
    }
    return ["train", "recipe.yaml", "--output", folder, "--set", "epochs=20"] + (resumes ? ["--resume"] : [])
  }

  @Test func killedAnywhereEndsWithTheSameBytes() throws {
    let place = try place()
    let start = ContinuousClock.now
    #expect(try Segment.run(arguments(place, "whole"), in: place.path).status == 0)
    let lasted = ContinuousClock.now - start
    var random = RandomStream(seed: UInt64(ProcessInfo.processInfo.processIdentifier))
    var kills = 0
    for _ in 0..<4 {
      let outcome = try Segment.run(arguments(place, "killed"), in: place.path) { process in
        Thread.sleep(forTimeInterval: lasted.seconds * Double(0.1 + 0.4 * random.uniform()))
        kill(process, SIGKILL)
      }
      if outcome.status == -SIGKILL { kills += 1 }
    }
    #expect(kills > 0)
    #expect(try Segment.run(arguments(place, "killed"), in: place.path).status == 0)
    for name in Self.results {
      let expected = place.read("whole/\(name)")
      #expect(expected != nil && place.read("killed/\(name)") == expected, "\(name)")
    }
    #expect(!place.files.contains { $0.hasSuffix(".part") })
  }

  @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
  func signalsFinishTheStep(signal: Int32, status: Int32) throws {
    let place = try place()
    #expect(try Segment.run(arguments(place, "whole"), in: place.path).status == 0)
    let outcome = try Segment.run(arguments(place, "stopped"), in: place.path) { process in
      while !place.exists("stopped/state.safetensors") { usleep(1000) }
      kill(process, signal)
    }
    #expect(outcome.status == status && outcome.output.isEmpty)
    #expect(outcome.errorLines.last?.hasPrefix("stopped and saved at step ") == true)
    #expect(outcome.errorLines.last?.hasSuffix("; go on with --resume") == true)
    #expect(try Segment.run(arguments(place, "stopped"), in: place.path).status == 0)
    for name in Self.results {
      #expect(place.read("stopped/\(name)") == place.read("whole/\(name)"), "\(name)")
    }
  }

  @Test func timeLimitEndsCleanly() throws {
    let place = try place()
    let outcome = try Segment.run(arguments(place, "out") + ["--time-limit", "0.001s"], in: place.path)
    #expect(outcome.status == 0)
    #expect(outcome.errorLines.last?.hasPrefix("time limit: saved at step ") == true)
    let wrong = try Segment.run(["train", "recipe.yaml", "--time-limit", "soon"], in: place.path)
    #expect(wrong.status == 64)
    #expect(
      wrong.errorLines.first
        == "Error: --time-limit: expected a time such as 90s, 30m or 1.5h, found 'soon'")
    try expectFailure(
      place, "train", "recipe.yaml", "--set", "time_limit=soon",
      says: "recipe.yaml: expected a time such as 90s, 30m or 1.5h under 'time_limit', found 'soon'")
  }

  /// Which folder the recipe is called from does not matter, nor do the weights that the training began with.
  @Test func fromAnotherFolder() throws {
    let place = try place()
    try FileManager.default.createDirectory(atPath: "\(place.path)/sub", withIntermediateDirectories: true)
    let initial = "initial: w.safetensors\n"
    try place.write(try #require(place.read("recipe.yaml")) + Array("\n\(initial)".utf8), "recipe.yaml")
    let begun = try Segment.run(
      ["train", "recipe.yaml", "--output", "out", "--time-limit", "0.001s"], in: place.path)
    #expect(begun.status == 0, "\(begun.error)")
    try FileManager.default.removeItem(atPath: "\(place.path)/w.safetensors")
    let resumed = try Segment.run(
      ["train", "../recipe.yaml", "--output", "../out", "--resume"], in: "\(place.path)/sub")
    #expect(resumed.status == 0, "\(resumed.error)")
  }

  @Test func damagedStateIsSaid() throws {
    let place = try place()
    #expect(try Segment.run(arguments(place, "out"), in: place.path).status == 0)
    try place.write(Array("torn".utf8), "out/state.safetensors")
    let outcome = try Segment.run(arguments(place, "out"), in: place.path)
    #expect(outcome.status == 0)
    #expect(outcome.errorLines.first?.hasPrefix("out/state.safetensors: expected ") == true)
    #expect(outcome.errorLines.first?.hasSuffix("; going on from out/state.previous.safetensors") == true)
  }

  @Test func findRate() throws {
    let place = try place()
    let outcome = try Segment.run(
      ["train", "recipe.yaml", "--find-rate", "--output", "rates"], in: place.path)
    #expect(outcome.status == 0)
    let lines = outcome.text.split(separator: "\n")
    #expect(
      lines.count > 20 && lines[0] == "rate          loss      smoothed" && lines[1].hasPrefix("1e-07 "))
    #expect(lines.last?.hasPrefix("suggestion: optimiser.rate=") == true)
    #expect(lines.last?.hasSuffix(" → rates/rates.svg") == true)
    #expect(place.files.filter { $0.hasPrefix("rates/") } == ["rates/rates.csv", "rates/rates.svg"])
  }

  @Test func folds() throws {
    let place = try Workplace()
    try place.dataset()
    let outcome = try place.segment(
      "train", "recipe.yaml", "--output", "out", "--set", "folds={count: 4, index: 1}")
    #expect(
      outcome.error
        == "Error: recipe.yaml: expected either 'folds' or 'validation' under 'folds', found a mapping\n")
    try place.write(
      """
      model: {name: unet, width: 2, depth: 1}
      data: {dataset: set.yaml}
      folds: {count: 4, index: 1}
      batch: 1
      epochs: 1
      optimiser: {name: adam, rate: 0.01}
      """, "folded.yaml")
    let folded = try place.segment("train", "folded.yaml", "--output", "out")
    #expect(folded.status == 0)
    #expect(folded.errorLines.first?.contains("3 images of halves/train without fold 1 of 4") == true)
  }
}

extension Duration {
  fileprivate var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
