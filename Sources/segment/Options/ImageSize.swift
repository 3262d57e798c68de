import ArgumentParser

/// A size as the command line has it, `HEIGHTxWIDTH` in pixels.
struct ImageSize: ExpressibleByArgument, CustomStringConvertible {
  let height: Int
  let width: Int

  init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }

  init?(argument: String) {
    let parts = argument.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let height = parts[0], let width = parts[1], (1...65_536).contains(height),
      (1...65_536).contains(width)
    else { return nil }
    self.init(height: height, width: width)
  }

  var description: String { "\(height)x\(width)" }
}
