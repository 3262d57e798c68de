import Foundation
import TensorCore

/// What a user may ask of a prediction, apart from the network.
public struct PredictionOptions: Sendable, Equatable {
  /// What a picture may take, all in all; one that needs more is cut into tiles.
  public var memory = MemoryBudget.standard
  /// Further views of the picture whose probabilities are averaged.
  public var views: Set<ViewKind> = []
  /// Regions of fewer pixels take the class around them; 0 and 1 leave all.
  public var minArea = 0
  /// Of two classes, the second is a pixel's where its probability is larger than this, `0…1`; where it is the larger
  /// of both if `nil`.
  public var threshold: Float?
  /// Names or indices of the classes that are kept; all if `nil`. Pixels of others become background, where the first
  /// class is called so, and else `Prediction.noClass`.
  public var classes: [String]?

  /// The standard: one view, everything kept, half of the memory.
  public init() {}

  /// What changes results by more than rounding, in text; empty for the standard.
  var text: String {
    var parts = views.map(\.rawValue).sorted()
    if minArea > 1 { parts.append("area \(minArea)") }
    if let threshold { parts.append("threshold \(threshold)") }
    if let classes { parts.append("classes \(classes)") }
    return parts.joined(separator: "\n")
  }
}

/// Views of a picture that a network sees besides the plain one (test-time augmentation; Krizhevsky et al. 2012,
/// section 4.1).
public enum ViewKind: String, Sendable, CaseIterable {
  /// Left and right exchanged.
  case flips
  /// Left and right, top and bottom, or both exchanged: for pictures that have no upper side.
  case allFlips = "all-flips"
  /// At three quarters and five quarters of the size.
  case scales

  /// The kinds of a list such as `flips,scales`.
  ///
  /// - Throws: `InferenceError.unknownViews`.
  public static func list(_ text: String) throws(InferenceError) -> Set<ViewKind> {
    var kinds: Set<ViewKind> = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let name = part.trimmingCharacters(in: .whitespaces)
      guard let kind = ViewKind(rawValue: name) else {
        throw .unknownViews(name: name, known: allCases.map(\.rawValue))
      }
      kinds.insert(kind)
    }
    return kinds
  }
}

/// One view of a picture.
struct View: Equatable {
  var isMirrored = false
  var isUpsideDown = false
  /// Of the sides, in quarters.
  var quarters = 4

  /// Every combination of the kinds, the plain view first.
  static func all(_ kinds: Set<ViewKind>) -> [View] {
    let sizes = kinds.contains(.scales) ? [4, 3, 5] : [4]
    let flips = kinds.contains(.allFlips) || kinds.contains(.flips) ? [false, true] : [false]
    let turns = kinds.contains(.allFlips) ? [false, true] : [false]
    return sizes.flatMap { quarters in
      turns.flatMap { isUpsideDown in
        flips.map { View(isMirrored: $0, isUpsideDown: isUpsideDown, quarters: quarters) }
      }
    }
  }

  /// A side of the picture in this view, in pixels.
  func scaled(_ side: Int) -> Int { max(1, (side * quarters + 2) / 4) }
}
