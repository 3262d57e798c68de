import Files
import TensorCore

/// Keeps results from replacing what is not theirs: pictures that were given, and in a job with a manifest every file
/// that no line of it calls a result of the same picture.
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

  /// Throws when a picture's result with this content may not take the place of what lies at its path.
  ///
  /// The same bytes may: they are what a run wrote that was killed before its line in the manifest.
  func check(_ path: String, _ bytes: [UInt8], for input: String) throws(InferenceError) {
    let key = Self.key(of: path)
    if inputs.contains(key) { throw .resultIsInput(path: path) }
    guard let owners, let stamp = FileStamp(path), owners[key] != Self.key(of: input) else { return }
    if stamp.bytes == bytes.count, (try? WholeFile.read(path)) == bytes { return }
    throw .resultExists(path: path)
  }
}
