import Files
import TensorCore

/// Keeps results from replacing what is not theirs: pictures that were given, results of other pictures, and files that
/// were made by somebody else.
struct ResultGuard: Sendable {
  /// Hashes of the places of all pictures.
  private let inputs: Set<UInt64>
  /// Whose results lie where, by hashes of their places; `nil` where everything but a picture may be replaced.
  private let owners: [UInt64: UInt64]?

  /// - Parameter owners: what manifests tell, by `key(of:)` of a result that of its picture.
  init(_ items: [InputCollection.Item], owners: [UInt64: UInt64]?) {
    inputs = Set(items.map { Self.key(of: $0.input) })
    self.owners = owners
  }

  /// A number for the place of a file, however its path is spelt.
  static func key(of path: String) -> UInt64 { FNV1a(path.placePath).value }

  /// Throws when a picture's result may not take the place of what lies at its path.
  ///
  /// It may when that bears our mark and is no other picture's by any manifest, and when it has the same bytes. Where a
  /// link lies there, the same holds of what it leads to.
  func check(_ path: String, _ file: StagedFile, for input: String) throws(InferenceError) {
    let (keys, own) = ([path, file.path].map(Self.key), Self.key(of: input))
    if keys.contains(where: inputs.contains) { throw .resultIsInput(path: path) }
    guard let owners, FileStamp(path) != nil else { return }
    let isOthers = keys.contains { key in owners[key].map { $0 != own } ?? false }
    if !isOthers && ResultMark.isOn(path) || file.hasContent(of: path) { return }
    throw .resultExists(path: path)
  }
}
