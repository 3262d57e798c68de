import TensorCore

extension Checkpoint {
  /// Throws unless the text of a description can be decoded, and in a time that its length says.
  static func checkText(_ text: String, _ key: String, file: String) throws(WeightsError) {
    guard CombiningMarks.areFew(in: text, escapes: true) else {
      throw .metadata(
        file: file, key: key, expected: "at most \(CombiningMarks.limit) combining marks in a row",
        found: "more")
    }
    // The decoder of JSON takes text with zeros for UTF-16, which is another text than the one that was looked at.
    guard !text.utf8.contains(0) else {
      throw .metadata(file: file, key: key, expected: "text without zeros", found: text)
    }
  }

  /// Throws when readers would refuse the checkpoint, stored in elements of `type`, for its names or the length of its
  /// notes.
  func checkReadable(
    _ metadata: [String: String], as type: ElementType, file: String
  ) throws(WeightsError) {
    for (key, text) in metadata { try Self.checkText(text, key, file: file) }
    let isLegible = { (name: String) in
      name.utf8.count <= SafetensorsHeader.nameLimit && CombiningMarks.areFew(in: name)
    }
    if let name = parameters.keys.first(where: { !isLegible($0) }) {
      throw .metadata(
        file: file, key: "a parameter's name",
        expected:
          "at most \(SafetensorsHeader.nameLimit) bytes and \(CombiningMarks.limit) combining marks in a row",
        found: name)
    }
    var allowance = MemoryAllowance(fileBytes: parameters.values.reduce(0) { $0 + $1.count * type.bits / 8 })
    let parts =
      parameters.map { MemoryAllowance.entry($0.key, rank: $0.value.shape.rank) }
      + metadata.map { key, text in
        // Each of the JSON's quotation marks is an escape in the header.
        MemoryAllowance.pair(key, text) + MemoryAllowance.escaped(text) + MetadataReader.bytes(toRead: text)
      }
    guard allowance.take(parts.reduce(0, +)) else {
      throw .metadata(
        file: file, key: Key.provenance,
        expected: "names, scores and notes that take at most \(allowance.limit) bytes of memory",
        found: "more; shorten the notes")
    }
  }
}
