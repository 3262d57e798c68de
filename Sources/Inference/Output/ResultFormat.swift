import Foundation

/// A form in which a prediction is written.
public enum ResultFormat: String, Sendable, CaseIterable {
  /// `NAME.mask.png`: 8-bit palette PNG whose indices are the classes.
  case mask
  /// `NAME.overlay.png`: the picture with the classes' colours over it, and a legend below.
  case overlay
  /// `NAME.color.png`: the classes' colours alone, RGB.
  case color
  /// `NAME.cutout.png`: the pixels of chosen classes, the others transparent, RGBA.
  case cutout
  /// `NAME.probabilities.safetensors`: tensor `probabilities` `[C, H, W]`.
  case probabilities
  /// `NAME.probabilities.CLASS.png`: a 16-bit gray PNG for each class, 65535 for a probability of 1.
  case probabilityMaps = "probability-maps"
  /// `NAME.classes.json`: pixels, share, regions and run lengths of each class.
  case json

  /// What follows the input's name; of several files, what they have in common.
  public var suffix: String {
    switch self {
    case .mask: ".mask.png"
    case .overlay: ".overlay.png"
    case .color: ".color.png"
    case .cutout: ".cutout.png"
    case .probabilities: ".probabilities.safetensors"
    case .probabilityMaps: ".probabilities.png"
    case .json: ".classes.json"
    }
  }

  /// Whether it is one file for a picture, which can be named or go to standard output.
  public var isOneFile: Bool { self != .probabilityMaps }

  /// Whether it needs the probability of each class.
  public var needsProbabilities: Bool { self == .probabilities || self == .probabilityMaps }

  /// Whether it can be written row by row while the network is at work; the others need the whole mask.
  public var isByRows: Bool {
    switch self {
    case .mask, .overlay, .color, .cutout: true
    case .probabilities, .probabilityMaps, .json: false
    }
  }

  /// The formats of a list such as `mask,overlay`.
  ///
  /// - Throws: `InferenceError.unknownFormat`.
  public static func list(_ text: String) throws(InferenceError) -> [ResultFormat] {
    var formats: [ResultFormat] = []
    for name in text.split(separator: ",").map({ $0.trimmingCharacters(in: .whitespaces) }) {
      guard let format = ResultFormat(rawValue: name) else {
        throw .unknownFormat(name: name, known: allCases.map(\.rawValue))
      }
      if !formats.contains(format) { formats.append(format) }
    }
    guard !formats.isEmpty else { throw .unknownFormat(name: text, known: allCases.map(\.rawValue)) }
    return formats
  }

  /// What a picture may be called, without its extension, when `path` is called like a result of it.
  public static func stems(ofResult path: String) -> [String] {
    var stems = allCases.filter { $0.isOneFile && path.hasSuffix($0.suffix) }.map {
      String(path.dropLast($0.suffix.count))
    }
    let parts = path.split(separator: ".", omittingEmptySubsequences: false)
    if path.hasSuffix(".png"), let mark = parts.lastIndex(of: "probabilities"), mark > 0,
      mark < parts.count - 2
    {
      stems.append(parts[..<mark].joined(separator: "."))
    }
    return stems
  }
}

extension ResultFormat {
  /// What follows the input's name in that of each file, in the order of the files.
  ///
  /// - Parameters:
  ///   - classes: the names of all classes.
  ///   - chosen: the indices of those that were asked for; all if `nil`.
  public func suffixes(classes: [String], chosen: [Int]? = nil) -> [String] {
    guard self == .probabilityMaps else { return [suffix] }
    return (chosen ?? Array(classes.indices)).map { Self.mapSuffix(ofClass: $0, of: classes) }
  }

  /// What follows the input's name in that of a class's probabilities: in the class's name, anything but letters, digits
  /// and `-` is `_`; its index follows where another class would be called the same.
  static func mapSuffix(ofClass index: Int, of classes: [String]) -> String {
    let names = classes.map { name in
      String(name.prefix(60).map { $0.isLetter || $0.isNumber || $0 == "-" ? $0 : "_" })
    }
    let isAlone = names.count { $0.lowercased() == names[index].lowercased() } == 1
    return
      ".probabilities.\(isAlone && !names[index].isEmpty ? names[index] : "\(names[index])_\(index)").png"
  }
}
