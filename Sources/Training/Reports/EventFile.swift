import Files
import Foundation

/// An event file of TensorBoard's, which grows; a reader leaves out what a crash cut off at its end.
final class EventFile {
  private let path: String
  private let descriptor: Int32
  private var pending: [UInt8] = []

  /// Makes a file in a folder, which is made too.
  ///
  /// - Parameter step: the step that this run begins with; what earlier files tell of it and later ones is void.
  /// - Throws: `FileError.cannotWrite`.
  init(folder: String, step: Int) throws(FileError) {
    try DurableFile.makeFolder(folder)
    let time = Date().timeIntervalSince1970
    // TensorBoard reads the files of a folder in the order of their names.
    let microseconds = String(Int(time * 1e6))
    path = folder.appendingPath("events.out.tfevents.\(microseconds).tessera")
    descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .cannotWrite(path: path, reason: Self.reason()) }
    pending = EventRecord.framed(EventRecord.version(time: time))
    if step > 0 { pending += EventRecord.framed(EventRecord.start(step: step, time: time)) }
  }

  deinit { close(descriptor) }

  /// Adds values of a step, which are written with the next `flush`.
  func add(_ values: [EventRecord.Value], step: Int) {
    pending += EventRecord.framed(
      EventRecord.message(values, step: step, time: Date().timeIntervalSince1970))
  }

  /// Writes what was added.
  ///
  /// - Throws: `FileError.cannotWrite`; the file then ends with the last whole message.
  func flush() throws(FileError) {
    let start = lseek(descriptor, 0, SEEK_END)
    var offset = 0
    while offset < pending.count {
      let written = pending.withUnsafeBytes { bytes in
        Foundation.write(descriptor, bytes.baseAddress.map { $0 + offset }, bytes.count - offset)
      }
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else {
        let reason = Self.reason()
        _ = ftruncate(descriptor, start)
        throw .cannotWrite(path: path, reason: reason)
      }
      offset += written
    }
    pending.removeAll(keepingCapacity: true)
  }

  private static func reason() -> String { String(cString: strerror(errno)).lowercased() }
}
