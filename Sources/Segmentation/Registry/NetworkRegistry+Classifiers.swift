extension NetworkRegistry {
  /// Networks that give an image a class; a new one is one more element.
  static let classifiers: [Architecture] = []
}
