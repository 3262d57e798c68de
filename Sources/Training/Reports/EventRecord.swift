import Images

/// What TensorBoard shows of a step: scalars, pictures and histograms (`tensorflow/core/util/event.proto` and
/// `framework/summary.proto`).
struct EventRecord {
  /// Something with a name; a slash in it makes a group.
  enum Value {
    case scalar(String, Float)
    /// PNG bytes of a picture.
    case image(String, png: [UInt8], width: Int, height: Int)
    case histogram(String, [Float])
  }

  /// A message of an event file, with the seconds since 1970.
  static func message(_ values: [Value], step: Int, time: Double) -> [UInt8] {
    event(step: step, time: time) { event in
      event.add(5) { summary in
        for value in values { summary.add(1) { add(value, to: &$0) } }
      }
    }
  }

  /// The first message of a file.
  static func version(time: Double) -> [UInt8] { event(step: 0, time: time) { $0.add(3, "brain.Event:2") } }

  /// Says that what earlier files tell of this step and later ones is void.
  static func start(step: Int, time: Double) -> [UInt8] {
    event(step: step, time: time) { $0.add(7) { $0.add(1, 1) } }
  }

  /// A message as files hold it: its length and its content, each with a masked check (TFRecord).
  static func framed(_ message: [UInt8]) -> [UInt8] {
    let length = UInt64(message.count).littleEndianBytes
    return length + maskedCheck(length) + message + maskedCheck(message)
  }

  private static func maskedCheck(_ bytes: [UInt8]) -> [UInt8] {
    let check = CRC32C.of(bytes)
    return ((check >> 15 | check << 17) &+ 0xA282_EAD8).littleEndianBytes
  }

  private static func event(step: Int, time: Double, _ body: (inout ProtobufEncoder) -> Void) -> [UInt8] {
    var event = ProtobufEncoder()
    event.add(1, time)
    event.add(2, step)
    body(&event)
    return event.bytes
  }

  private static func add(_ value: Value, to message: inout ProtobufEncoder) {
    switch value {
    case .scalar(let tag, let number):
      message.add(1, tag)
      message.add(2, number)
    case .image(let tag, let png, let width, let height):
      message.add(1, tag)
      message.add(4) { image in
        image.add(1, height)
        image.add(2, width)
        image.add(3, 3)
        image.add(4, png)
      }
    case .histogram(let tag, let numbers):
      message.add(1, tag)
      message.add(5) { add(numbers.filter(\.isFinite).map(Double.init), to: &$0) }
    }
  }

  /// Thirty buckets of equal width, each with its upper limit.
  private static func add(_ numbers: [Double], to histogram: inout ProtobufEncoder) {
    let (low, high) = (numbers.min() ?? 0, numbers.max() ?? 0)
    let count = low < high ? 30 : 1
    var buckets = [Double](repeating: 0, count: count)
    for number in numbers {
      let place = low < high ? Int((number - low) / (high - low) * Double(count)) : 0
      buckets[min(count - 1, place)] += 1
    }
    histogram.add(1, low)
    histogram.add(2, high)
    histogram.add(3, Double(numbers.count))
    histogram.add(4, numbers.reduce(0, +))
    histogram.add(5, numbers.reduce(0) { $0 + $1 * $1 })
    histogram.add(6, (1...count).map { low + (high - low) * Double($0) / Double(count) })
    histogram.add(7, buckets)
  }
}
