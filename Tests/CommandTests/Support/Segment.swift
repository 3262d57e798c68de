import Foundation

/// The program, run as a process.
enum Segment {
  /// What a run gave.
  struct Outcome {
    let status: Int32
    let output: [UInt8]
    let error: String

    /// Standard output as text.
    var text: String { String(decoding: output, as: UTF8.self) }

    /// Standard error's lines.
    var errorLines: [Substring] { error.split(separator: "\n", omittingEmptySubsequences: false).dropLast() }
  }

  /// The program that was built with these tests: beside them, or in the package's build folder.
  static let path: String = {
    var folders: [URL] = []
    for start in [Bundle.main.executableURL, CommandLine.arguments.first.map { URL(fileURLWithPath: $0) }] {
      if let start { folders.append(start.resolvingSymlinksInPath().deletingLastPathComponent()) }
    }
    // `swift test` runs bundles through a helper of the toolchain and names the bundle by an option.
    for argument in CommandLine.arguments where argument.hasSuffix(".xctest") {
      folders.append(URL(fileURLWithPath: argument).deletingLastPathComponent())
    }
    var package = URL(fileURLWithPath: #filePath)
    while package.path != "/" {
      package.deleteLastPathComponent()
      folders += ["release", "debug"].map { package.appendingPathComponent(".build/\($0)") }
    }
    let files = folders.map { $0.appendingPathComponent("segment").path }
    return files.first { FileManager.default.isExecutableFile(atPath: $0) } ?? "segment"
  }()

  /// Runs the program with `arguments` in `folder`, two threads, and waits for its end.
  ///
  /// - Parameter meanwhile: called with the process's number while it runs.
  static func run(
    _ arguments: [String], in folder: String = "/", input: [UInt8] = [],
    meanwhile: (Int32) throws -> Void = { _ in }
  ) throws -> Outcome {
    let files = FileManager.default.temporaryDirectory.appendingPathComponent("segment-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: files) }
    // Files instead of pipes, which would have to be read while the process runs.
    func file(_ name: String, _ bytes: [UInt8] = []) throws -> URL {
      let url = files.appendingPathComponent(name)
      try Data(bytes).write(to: url)
      return url
    }
    let (output, error) = (try file("output"), try file("error"))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    var environment = ProcessInfo.processInfo.environment
    // Help is wrapped at the width of the terminal.
    environment["COLUMNS"] = nil
    environment["OPENBLAS_NUM_THREADS"] = "1"
    process.environment = environment
    process.standardInput = try FileHandle(forReadingFrom: try file("input", input))
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: error)
    try process.run()
    try meanwhile(process.processIdentifier)
    process.waitUntilExit()
    // A signal is no exit status that a program could give.
    let status = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    return Outcome(
      status: status, output: Array(try Data(contentsOf: output)),
      error: String(decoding: try Data(contentsOf: error), as: UTF8.self))
  }
}
