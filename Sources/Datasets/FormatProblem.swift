/// What is wrong with a list of files or with annotations.
public enum FormatProblem: Sendable, Equatable, CustomStringConvertible {
  /// A line of a list that is not what it should be; lines count from 1.
  case line(list: String, line: Int, expected: String, found: String)
  /// A file that a list names and that is not there.
  case listed(list: String, line: Int, path: String)
  /// A line that stands in a list twice.
  case listedTwice(list: String, line: Int, first: Int, found: String)
  /// A frame of Cityscapes with a name that does not tell what it is.
  case townImage(image: String)
  /// A picture that annotations name and that is not there.
  case annotatedImage(image: String, file: String)
  /// A text that is no JSON, or nested too deeply; bytes count from 0.
  case notJSON(file: String, byte: Int, expected: String)
  /// A value of annotations that is missing or not what it should be.
  case annotation(file: String, place: String, expected: String, found: String)

  /// Where, what was expected, what was found, how to mend it.
  public var description: String {
    switch self {
    case .line(let list, let line, let expected, let found):
      "\(list):\(line): expected \(expected), found '\(found)'; correct the line or remove it"
    case .listed(let list, let line, let path):
      "\(path): expected a file, as \(list):\(line) says, found none; add it or remove the line"
    case .listedTwice(let list, let line, let first, let found):
      "\(list):\(line): expected each image once, found '\(found)' in line \(first) too; remove one"
    case .townImage(let image):
      "\(image): expected a name such as aachen_000000_000019_leftImg8bit.png, found another; rename or remove it"
    case .annotatedImage(let image, let file):
      "\(image): expected a file, as \(file) names it, found none; add it or correct 'images'"
    case .notJSON(let file, let byte, let expected):
      "\(file): expected \(expected) at byte \(byte), found something else; export the annotations again"
    case .annotation(let file, let place, let expected, let found):
      "\(file): expected \(expected) in \(place), found \(found); export the annotations again"
    }
  }
}
