extension [String] {
  /// The class of an index or a name in this list of class names; an index that is also another class's name is the
  /// index.
  ///
  /// - Parameter option: the flag that an error names.
  package func index(ofClass text: String, option: String) throws(InferenceError) -> Int {
    if let index = Int(text), indices.contains(index) { return index }
    if let index = firstIndex(of: text) { return index }
    throw .unknownClass(name: text, classes: self, option: option)
  }
}
