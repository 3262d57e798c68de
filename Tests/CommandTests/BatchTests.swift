import Foundation
import Images
import Testing

/// Many files as one job.
@Suite struct BatchTests {
  /// 30 pictures and ten files that are bad in ten ways.
  private func makeBatch(_ place: Workplace) throws {
    for index in 0..<30 {
      let ending = index % 3 == 0 ? "jpg" : "png"
      try place.picture("in/\(index % 4)/\(index).\(ending)", width: 20 + index, height: 60 - index)
    }
    let whole = try #require(place.read("in/1/1.png"))
    try place.write([], "in/bad-empty.png")
    try place.write("just words", "in/bad-text.jpg")
    try place.write("GIF89a and so on", "in/bad-gif.png")
    try place.write(Array(whole.prefix(whole.count / 2)), "in/bad-half.png")
    var damaged = whole
    damaged[whole.count / 2] ^= 0x55
    try place.write(damaged, "in/bad-damaged.png")
    try place.write(Array(try #require(place.read("in/0/0.jpg")).prefix(300)), "in/bad-half.jpg")
    try FileManager.default.createDirectory(
      atPath: "\(place.path)/in/bad-folder.png", withIntermediateDirectories: true)
    mkfifo("\(place.path)/in/bad-pipe.png", 0o600)
    symlink("nowhere.png", "\(place.path)/in/bad-dangling.png")
    symlink("bad-itself.png", "\(place.path)/in/bad-itself.png")
  }

  private func manifest(_ place: Workplace, _ name: String = "out/manifest.jsonl") throws -> [[String: Any]] {
    String(decoding: place.read(name) ?? [], as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false
    )
    .dropLast().compactMap { try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] }
  }

  private func masks(_ place: Workplace) -> [String] { place.files.filter { $0.hasSuffix(".mask.png") } }

  @Test func badFilesAreNamedAndTheOthersDone() throws {
    let place = try Workplace()
    try makeBatch(place)
    let outcome = try place.segment("in", "--weights", "w.safetensors", "--output", "out")
    #expect(outcome.status == 2)
    #expect(masks(place).count == 30)
    #expect(
      outcome.errorLines.map(String.init) == [
        "in/bad-damaged.png: expected a sound PNG, found it damaged (IDAT: incorrect data check); copy or download it again",
        "in/bad-dangling.png: expected a file, found nothing; check the path",
        "in/bad-empty.png: expected a PNG or JPEG image, found an empty file; copy or download it again",
        "in/bad-folder.png: expected a file, found a folder; name a file in it",
        "in/bad-gif.png: expected a PNG or JPEG image, found a GIF image; convert it to PNG or JPEG",
        "in/bad-half.jpg: expected a whole JPEG, found it cut off after 300 bytes; copy or download it again",
        "in/bad-half.png: expected a whole PNG, found it cut off after \(place.read("in/bad-half.png")?.count ?? 0) "
          + "bytes; copy or download it again",
        "in/bad-itself.png: expected a readable file, found: too many levels of symbolic links",
        "in/bad-pipe.png: expected a file, found a pipe or device; save what it gives to a file and name that",
        "in/bad-text.jpg: expected a PNG or JPEG image, found text; check that this is the right file",
      ].map { "Error: \($0)" } + ["10 of 40 files failed"])
    let records = try manifest(place)
    #expect(records.count == 40 && records.count { $0["error"] is String } == 10)
    #expect(
      place.files.allSatisfy {
        !$0.hasPrefix("out") || $0.hasSuffix(".mask.png") || $0 == "out/manifest.jsonl"
      })
  }

  /// Killed at some moments and run again: nothing half-written, nothing done twice, nothing lost.
  @Test func killed() throws {
    let place = try Workplace()
    try makeBatch(place)
    let arguments = ["in", "--weights", "w.safetensors", "--output", "out"]
    var stamps: [String: Date] = [:]
    func modified(_ name: String) throws -> Date? {
      try FileManager.default.attributesOfItem(atPath: "\(place.path)/\(name)")[.modificationDate] as? Date
    }
    for wanted in [1, 8, 20] {
      _ = try Segment.run(arguments, in: place.path) { process in
        let limit = Date(timeIntervalSinceNow: 20)
        while masks(place).count < wanted && Date() < limit { usleep(300) }
        kill(process, SIGKILL)
      }
      for mask in masks(place) { _ = try MaskReader.read("\(place.path)/\(mask)") }
      for (name, stamp) in stamps { #expect(try modified(name) == stamp, "\(name)") }
      for record in try manifest(place) where record["status"] as? String != "failed" {
        for name in record["outputs"] as? [String] ?? [] { stamps[name] = try modified(name) }
      }
    }
    #expect(stamps.count >= 10)
    let outcome = try place.segment("in", "--weights", "w.safetensors", "--output", "out")
    #expect(outcome.status == 2 && masks(place).count == 30)
    for (name, stamp) in stamps { #expect(try modified(name) == stamp, "\(name)") }
    #expect(
      outcome.errorLines.contains(
        "\(stamps.count) of 40 files skipped, whose results stand; --overwrite does them again")
    )
    #expect(try manifest(place).count == 40)
    #expect(!place.files.contains { $0.hasSuffix(".part") })
  }

  /// SIGINT brings the pictures under way to their end, and the same call goes on.
  @Test func interrupted() throws {
    let place = try Workplace()
    for index in 0..<60 { try place.picture("in/\(index).png", width: 200, height: 150) }
    let outcome = try Segment.run(["in", "--weights", "w.safetensors", "--output", "out"], in: place.path) {
      process in
      let limit = Date(timeIntervalSinceNow: 20)
      while masks(place).isEmpty && Date() < limit { usleep(300) }
      kill(process, SIGINT)
    }
    let done = masks(place).count
    #expect(outcome.status == 130 && done < 60)
    #expect(outcome.errorLines.first == "finishing the images under way; once more to end at once")
    #expect(outcome.errorLines.last == "stopped after \(done) of 60 files; the same call goes on")
    #expect(try manifest(place).count == done)
    let next = try place.segment("in", "--weights", "w.safetensors", "--output", "out", "--json")
    #expect(next.status == 0)
    let images = try #require(try json(next)["images"] as? [[String: Any]])
    #expect(images.count == 60 && images.count { $0["status"] as? String == "skipped" } == done)
  }

  @Test func shards() throws {
    let place = try Workplace()
    for index in 0..<7 { try place.picture("in/\(index).png") }
    for part in ["0/2", "1/2"] {
      #expect(
        try place.segment("in", "--weights", "w.safetensors", "--output", "out", "--shard", part).status == 0)
    }
    #expect(masks(place).count == 7)
    let parts = try ["1", "2"].map { try manifest(place, "out/manifest.\($0)-of-2.jsonl").count }
    #expect(parts == [4, 3])
    let outcome = try place.segment("in", "--weights", "w.safetensors", "--output", "out")
    #expect(outcome.status == 0 && outcome.output.isEmpty)
    #expect(outcome.errorLines == ["7 of 7 files skipped, whose results stand; --overwrite does them again"])
    let again = try place.segment("in", "--weights", "w.safetensors", "--output", "out", "--overwrite")
    #expect(again.error.isEmpty && !again.output.isEmpty)
  }

  @Test func aList() throws {
    let place = try Workplace()
    try place.picture("in/a.png")
    try place.picture("in/b/c d.png")
    let list = "in/a.png\r\n\nin/gone.png\nin/b/c d.png"
    let outcome = try place.segment(
      "--files-from", "-", "--weights", "w.safetensors", "--output", "out", input: Array(list.utf8))
    #expect(outcome.status == 2)
    #expect(
      outcome.errorLines == [
        "Error: in/gone.png: expected a file, found nothing; check the path", "1 of 3 files failed",
      ])
    #expect(masks(place) == ["out/in/a.mask.png", "out/in/b/c d.mask.png"])
    // A list of its own for each picture names the results as the list of all does.
    for name in ["in/a.png", "./in/b/c d.png"] {
      try place.write(Array("\(name)\0".utf8), "list")
      let null = try place.segment(
        "--files-from", "list", "-0", "--weights", "w.safetensors", "--output", "out")
      #expect(null.status == 0 && null.errorLines.first?.hasPrefix("1 of 1 files skipped") == true)
    }
    let root = try place.segment(
      "--files-from", "list", "-0", "--root", "in", "--weights", "w.safetensors", "--output", "rooted")
    #expect(root.status == 0 && masks(place).contains("rooted/b/c d.mask.png"))
    let empty = try place.segment("--files-from", "-", "--weights", "w.safetensors", input: [])
    #expect(empty.status == 0 && empty.error == "--files-from: no images listed, nothing to do\n")
    let nothing = try place.segment("--files-from", "-", "--weights", "w.safetensors", "--json", input: [])
    #expect(nothing.status == 0 && nothing.text.contains("\"images\" : ["))
    // A line that is no text, and one beside the root, keep nothing from being done.
    let bytes = Array("in/a.png\nout/in/a.mask.png\nin/".utf8) + [0xFF] + Array(".png\n".utf8)
    let partly = try place.segment(
      "--files-from", "-", "--root", "in", "--weights", "w.safetensors", "--output", "partly", input: bytes)
    #expect(partly.status == 2 && place.exists("partly/a.mask.png"))
    #expect(
      partly.errorLines == [
        "Error: out/in/a.mask.png: expected a path below --root in, found one beside it; name a folder that has all listed "
          + "images",
        "Error: in/\\xff.png: expected a name in UTF-8, found other bytes, shown as \\xNN; rename it",
        "2 of 3 files failed",
      ])
  }

  /// Names of one letter, and of none, have parents too.
  @Test func shortNames() throws {
    let place = try Workplace()
    for name in ["a", "b"] { try place.picture("\(name).png") }
    try FileManager.default.moveItem(atPath: "\(place.path)/a.png", toPath: "\(place.path)/a")
    try FileManager.default.moveItem(atPath: "\(place.path)/b.png", toPath: "\(place.path)/b")
    #expect(try place.segment("a", "b", "--weights", "w.safetensors").status == 0)
    #expect(masks(place) == ["a.mask.png", "b.mask.png"])
    try place.write("a\n", "l")
    #expect(try place.segment("--files-from", "l", "--weights", "w.safetensors", "--output", "o").status == 0)
    #expect(try place.segment("decode", "a", "--output", "d").status == 0)
    let standard = try place.segment(
      "-", "--weights", "w.safetensors", "--output", "m", "--format", "mask,json",
      input: try #require(place.read("a")))
    #expect(standard.status == 0)
    #expect(
      place.files.filter { $0.hasPrefix("m/") } == [
        "m/standard-input.classes.json", "m/standard-input.mask.png",
      ])
    #expect(try place.segment("dataset", "check", "z").status == 1)
    #expect(try place.segment("train", "z").status == 1)
  }

  /// A disk that is full, as a limit of the shell makes it: named, nothing half-written, and it goes on.
  @Test func noRoomForResults() throws {
    let place = try Workplace()
    try place.picture("in/a.png", width: 30, height: 20)
    try place.picture("in/b.png", width: 4, height: 4)
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.currentDirectoryURL = URL(fileURLWithPath: place.path)
    let arguments = "in --weights w.safetensors --format probabilities --output out --threads 1"
    // Blocks of 512 bytes.
    shell.arguments = ["-c", "ulimit -f 4; exec \(Segment.path) \(arguments) >output 2>error"]
    try shell.run()
    shell.waitUntilExit()
    #expect(shell.terminationReason == .exit && shell.terminationStatus == 2)
    let error = String(decoding: try #require(place.read("error")), as: UTF8.self)
    #expect(
      error.hasPrefix(
        "Error: out/a.probabilities.safetensors: expected to write this file, found: file too large; choose another place with --output\n"
      ),
      "\(error)")
    #expect(
      place.files.filter { $0.hasPrefix("out/") } == [
        "out/b.probabilities.safetensors", "out/manifest.jsonl",
      ])
    #expect(try Segment.run(arguments.split(separator: " ").map(String.init), in: place.path).status == 0)
    #expect(place.files.contains("out/a.probabilities.safetensors"))
  }

  /// One image of a job is still a job, and one named by itself is none.
  @Test func whatIsAJob() throws {
    let place = try Workplace()
    try place.picture("in/a.png")
    #expect(try place.segment("in/a.png", "--weights", "w.safetensors", "--output", "one").status == 0)
    #expect(try place.segment("in", "--weights", "w.safetensors", "--output", "two").status == 0)
    #expect(try place.segment("in", "--weights", "w.safetensors").status == 0)
    #expect(
      place.files == [
        "in/a.mask.png", "in/a.png", "in/manifest.jsonl", "one/a.mask.png", "two/a.mask.png",
        "two/manifest.jsonl",
        "w.safetensors",
      ])
  }
}
