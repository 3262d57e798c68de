extension String {
  /// Whether there is a character that moves a terminal's cursor, changes its colours or breaks a line.
  var hasControlCharacters: Bool { unicodeScalars.contains { $0.properties.generalCategory == .control } }
}
