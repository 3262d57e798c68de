import Foundation
import Testing

/// Files that crash other programs cost this one no time. Its memory cannot be told from here, because a process that is
/// made out of a large one is counted as large; `/usr/bin/time segment decode` says 25 MB.
@Suite struct HostilePictureTests {
  /// The folder of the real data beside the project, if there is one.
  private static let crashers: [String] = {
    var folders = [ProcessInfo.processInfo.environment["TESSERA_DATA"]].compactMap(\.self)
    var folder = URL(fileURLWithPath: #filePath)
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      folders.append(folder.appendingPathComponent("shared/data").path)
    }
    let files = folders.map { "\($0)/corpora/libpng-contrib/testpngs/crashers" }.lazy.map { folder in
      ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(".png") }
        .map { "\(folder)/\($0)" }
    }
    return files.first { !$0.isEmpty }?.sorted() ?? []
  }()

  @Test(.enabled(if: !crashers.isEmpty, "skipped: no data"))
  func crashersAreRefusedInNoTime() throws {
    #expect(Self.crashers.count == 23)
    let place = try Workplace()
    for file in Self.crashers {
      let usage = try Segment.usage(["decode", file, "--output", "\(place.path)/decoded"])
      #expect(usage.status == 1, "\(file)")
      #expect(usage.seconds <= 0.1, "\(file)")
      let outcome = try place.segment("decode", file, "--output", "decoded")
      #expect(outcome.error.hasPrefix("Error: \(file): expected "), "\(outcome.error)")
    }
    #expect(!place.exists("decoded"))
    // The same call takes a sound picture.
    try place.picture("sound.png")
    #expect(
      try Segment.usage(["decode", "\(place.path)/sound.png", "--output", "\(place.path)/decoded"]).status
        == 0)
    #expect(place.exists("decoded"))
  }
}
