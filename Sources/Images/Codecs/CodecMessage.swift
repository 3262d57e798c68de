import CImageCodecs

/// The text that a C codec leaves behind.
enum CodecMessage {
  /// Calls `body` with room for a message; the status and the text that it gave.
  static func collect(_ body: (tessera_message) -> Int32) -> (status: UInt32, text: String) {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
      buffer.initialize(repeating: 0)
      let status = body(tessera_message(text: buffer.baseAddress, capacity: buffer.count))
      let text = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      return (UInt32(bitPattern: status), text)
    }
  }
}
