/// An error as scripts read it: one line, also where a name in it has line breaks.
struct OneLineError: Error, CustomStringConvertible {
  let description: String

  init(_ error: any Error) {
    description = "\(error)".unicodeScalars.reduce(into: "") { text, scalar in
      let isBreak =
        scalar.properties.generalCategory == .control || ["\u{2028}", "\u{2029}"].contains(scalar)
      text += isBreak ? scalar.escaped(asASCII: true) : String(scalar)
    }
  }
}

/// Why a command could not do what its arguments ask.
enum CommandError: Error, CustomStringConvertible {
  /// `--set` without `=`.
  case setting(String)
  /// Weights that were made for another architecture.
  case otherArchitecture(file: String, expected: String, found: String)
  /// Weights that do not say what they are for, and no `--model`.
  case unknownArchitecture(file: String)
  /// A size that is none.
  case size(option: String, found: String)
  /// A tensor of another form than a network takes.
  case inputTensor(file: String, expected: String, found: String)

  var description: String {
    switch self {
    case .setting(let text):
      "--set: expected key=value, found '\(text)'"
    case .otherArchitecture(let file, let expected, let found):
      "\(file): expected weights of \(expected), found those of \(found); use --model \(found)"
    case .unknownArchitecture(let file):
      "\(file): expected a checkpoint that names its architecture, found bare weights; name it with --model"
    case .size(let option, let found):
      "\(option): expected HEIGHTxWIDTH such as 256x256, found '\(found)'"
    case .inputTensor(let file, let expected, let found):
      "\(file): expected a tensor 'input' \(expected), found \(found)"
    }
  }
}
