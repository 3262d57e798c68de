import Files
import Foundation

/// What became of a picture: a line of a job's manifest.
public struct JobRecord: Sendable, Equatable, Codable {
  /// What became of it.
  public enum Status: String, Sendable, Codable {
    /// Its results were written in this run.
    case done
    /// Its results stand from an earlier run.
    case skipped
    /// There are none; `error` says why.
    case failed
  }

  /// What became of the picture.
  public var status: Status
  /// The picture's path.
  public var input: String
  /// The results' paths, in the order of the formats.
  public var outputs: [String] = []
  /// Width in pixels; 0 where it is not known.
  public var width = 0
  /// Height in pixels; 0 where it is not known.
  public var height = 0
  /// Every class with its pixels and share.
  public var classes: [ClassShare] = []
  /// Milliseconds that reading, the network and writing took, without waiting.
  public var milliseconds: Double = 0
  /// Why there are no results.
  public var error: String?
  /// The picture's size and time of change when it was read.
  var stamp: Stamp?
  /// The results' sizes in bytes.
  var outputBytes: [Int]?
  /// The times of the results' last change, as `FileStamp` has them.
  var outputTimes: [Int]?
  /// What the model and the options were, `JobSettings.digest`.
  var settings: String?
  /// Where the picture was cut into tiles smaller than what the network sees around a pixel, the memory that there was, in
  /// bytes: with more of it the results would be others.
  var smallTilesMemory: Int?
  /// Results of earlier runs with other formats, or of a picture that has failed since, which stand where this one's would
  /// not be.
  var earlierOutputs: [String]?
  /// The folder that relative paths begin at; `nil` where all paths begin at the top.
  var directory: String?

  /// `FileStamp` as it is stored.
  struct Stamp: Sendable, Equatable, Codable {
    let bytes: Int
    let modified: Int
  }

  enum CodingKeys: String, CodingKey {
    case status, input, outputs, width, height, classes, error, stamp, settings, directory
    case milliseconds = "ms"
    case outputBytes = "output_bytes"
    case outputTimes = "output_times"
    case smallTilesMemory = "small_tiles_memory"
    case earlierOutputs = "earlier_outputs"
  }

  /// A picture whose results were written.
  static func done(
    _ item: InputCollection.Item, width: Int, height: Int, classes: [ClassShare]
  ) -> JobRecord {
    JobRecord(status: .done, input: item.input, width: width, height: height, classes: classes)
  }

  /// A picture that was in memory whole.
  static func done(_ item: InputCollection.Item, _ prediction: Prediction) -> JobRecord {
    let mask = prediction.mask
    return done(item, width: mask.width, height: mask.height, classes: prediction.summary)
  }

  /// A picture without results.
  public static func failed(_ input: String, _ error: InferenceError) -> JobRecord {
    JobRecord(status: .failed, input: input, error: error.description)
  }

  /// The record in a line; `nil` for anything else.
  init?(line: some Collection<UInt8>) {
    guard let record = try? JSONDecoder().decode(JobRecord.self, from: Data(line)) else { return nil }
    self = record
  }

  /// The record as one line of JSON, keys in the order of the alphabet.
  var line: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Names, whole numbers and finite times always have a JSON form.
    return Array((try? encoder.encode(self)) ?? Data())
  }

  private init(
    status: Status, input: String, width: Int = 0, height: Int = 0, classes: [ClassShare] = [],
    error: String? = nil
  ) {
    (self.status, self.input, self.width, self.height) = (status, input, width, height)
    (self.classes, self.error) = (classes, error)
  }

  /// The record with paths that begin at a folder; the same where that is `nil`, the current one.
  func from(_ folder: String?) -> JobRecord {
    guard let folder else { return self }
    var record = self
    record.input = input.from(folder)
    record.outputs = outputs.map { $0.from(folder) }
    record.earlierOutputs = earlierOutputs?.map { $0.from(folder) }
    return record
  }

  /// Notes when the results were written, which are at their places now.
  mutating func noteTimes() { outputTimes = outputs.map { FileStamp($0)?.modified ?? 0 } }

  /// Calls a picture whose results stand, and these, as they are called now.
  mutating func skip(_ item: InputCollection.Item) {
    status = .skipped
    input = item.input
    let count = item.stem.placePath.utf8.count
    outputs = outputs.map { item.stem + String(decoding: $0.placePath.utf8.dropFirst(count), as: UTF8.self) }
  }

  /// Whether this tells that the results of `stamp`'s picture with these settings stand where `item` has them.
  func proves(_ item: InputCollection.Item, _ stamp: FileStamp, settings: JobSettings) -> Bool {
    guard status != .failed, self.settings == settings.digest, smallTilesMemory ?? .max >= settings.memory,
      !outputs.isEmpty,
      self.stamp == Stamp(bytes: stamp.bytes, modified: stamp.modified),
      let outputBytes, let outputTimes, outputBytes.count == outputs.count, outputTimes.count == outputs.count
    else { return false }
    let stem = (item.stem + ".").placePath.utf8
    return outputs.indices.allSatisfy { index in
      guard outputs[index].placePath.utf8.starts(with: stem), let found = FileStamp(outputs[index]) else {
        return false
      }
      return found.bytes == outputBytes[index] && found.modified == outputTimes[index]
    }
  }
}

extension JobRecord {
  /// Adds to the time that the picture took, in steps of a tenth of a millisecond.
  mutating func add(_ time: Duration) {
    let (seconds, attoseconds) = time.components
    milliseconds += Double(seconds) * 1e3 + Double(attoseconds) * 1e-15
    milliseconds = (milliseconds * 10).rounded() / 10
  }
}

extension String {
  /// A relative path as one that begins at a folder; `nil` is the current one.
  func from(_ folder: String?) -> String {
    guard let folder, utf8.first != UInt8(ascii: "/") else { return self }
    return folder.appendingPath(self)
  }
}
