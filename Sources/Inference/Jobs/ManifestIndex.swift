import Files
import Foundation

/// Finds in manifests where the lines of a job's pictures lie, while a job begins.
final class ManifestIndex {
  private let index: [UInt64: Int]
  /// The picture whose results begin so.
  private let stems: [ExactPath: Int]
  private var readers: [LineReader] = []
  private var places: [EarlierRecords.Place?]
  /// Whose result a file is, by `ResultGuard.key`: of two pictures that were given the same name in turn, the later
  /// one's.
  private(set) var owners: [UInt64: UInt64] = [:]
  /// Those of `owners` that a line has only among the results of earlier runs, so that its picture needs no new ones when
  /// another takes the place.
  private var earlierOutputs: Set<UInt64> = []
  /// Where this manifest's line of each picture lies.
  private(set) var own: [EarlierRecords.Place?]
  /// The lines of this manifest on other pictures.
  private(set) var others: [UInt64: OtherLine] = [:]
  private let current = FileManager.default.currentDirectoryPath
  /// Whether this manifest is no manifest.
  private(set) var isForeign = false

  /// A line on a picture that is not in this job.
  struct OtherLine {
    /// Where it lies.
    let range: Range<Int>
    /// Pictures of this job whose results would take the place of its results.
    let rivals: [Int]
  }

  /// What of a line is read.
  private struct Claim: Decodable {
    let input: String
    let status: JobRecord.Status
    let outputs: [String]
    let earlierOutputs: [String]?
    let directory: String?

    enum CodingKeys: String, CodingKey {
      case input, status, outputs, directory
      case earlierOutputs = "earlier_outputs"
    }
  }

  init(_ items: [InputCollection.Item]) {
    index = Dictionary(
      items.enumerated().map { (ResultGuard.key(of: $1.input), $0) }, uniquingKeysWith: { first, _ in first })
    stems = Dictionary(
      items.enumerated().map { (ExactPath(placeOf: $1.stem), $0) }, uniquingKeysWith: { first, _ in first })
    places = Array(repeating: nil, count: items.count)
    own = Array(repeating: nil, count: items.count)
  }

  /// The latest record of each picture.
  var earlier: EarlierRecords { EarlierRecords(readers: readers, places: places) }

  /// Reads a manifest; what it says holds against those that were read before. Lines that are none are passed over, but
  /// a first line that is none makes the file something else.
  func read(_ reader: LineReader, isOwn: Bool) {
    let number = readers.count
    readers.append(reader)
    let decoder = JSONDecoder()
    // What cannot be read only costs work that is done again.
    try? reader.forEachLine { line, range in
      guard let claim = try? decoder.decode(Claim.self, from: Data(line)) else {
        if isOwn && range.lowerBound == 0 { isForeign = true }
        return
      }
      let base = base(of: claim)
      let input = ResultGuard.key(of: claim.input.from(base))
      let outputs = claim.outputs.map { $0.from(base) }
      for output in outputs {
        let key = ResultGuard.key(of: output)
        let wasEarlier = earlierOutputs.remove(key) != nil
        if let owner = owners.updateValue(input, forKey: key), owner != input, !wasEarlier { forget(owner) }
      }
      for key in (claim.earlierOutputs ?? []).map({ ResultGuard.key(of: $0.from(base)) })
      where owners[key] == nil {
        owners[key] = input
        earlierOutputs.insert(key)
      }
      guard let item = index[input] else {
        if isOwn { others[input] = OtherLine(range: range, rivals: outputs.compactMap(rival)) }
        return
      }
      let place = EarlierRecords.Place(reader: number, range: range, base: base)
      if isOwn { own[item] = place }
      if claim.status != .failed {
        places[item] = place
      } else if isOwn {
        places[item] = nil
      }
    }
  }

  /// The folder that a line's relative paths begin at: the one that it tells, if its picture is still there, and else the
  /// current one, `nil`, as in a tree that was moved.
  private func base(of claim: Claim) -> String? {
    guard let directory = claim.directory, directory != current,
      FileStamp(claim.input.from(directory)) != nil
    else { return nil }
    return directory
  }

  /// Whether a file begins with a line of a manifest.
  static func isManifest(_ reader: LineReader) -> Bool {
    guard let head = try? reader.read(0..<1 << 20), let end = head.firstIndex(of: UInt8(ascii: "\n")) else {
      return false
    }
    return (try? JSONDecoder().decode(Claim.self, from: Data(head[..<end]))) != nil
  }

  private func forget(_ input: UInt64) {
    others[input] = nil
    guard let item = index[input] else { return }
    (places[item], own[item]) = (nil, nil)
  }

  /// The picture of this job whose result gets this path.
  private func rival(_ output: String) -> Int? {
    var stem = Substring(output.placePath)
    while let dot = stem.lastIndex(of: "."), dot > (stem.lastIndex(of: "/") ?? stem.startIndex) {
      stem = stem[..<dot]
      if let index = stems[ExactPath(String(stem))] { return index }
    }
    return nil
  }
}

/// What earlier runs wrote of a job's pictures, for any thread.
struct EarlierRecords: Sendable {
  /// Where a line lies.
  struct Place: Sendable {
    let reader: Int
    let range: Range<Int>
    /// Where its relative paths begin; `nil` for the current folder.
    var base: String?
  }

  fileprivate let readers: [LineReader]
  fileprivate let places: [Place?]

  /// Nothing.
  static let none = EarlierRecords(readers: [], places: [])

  /// The record of the picture `index` that says that it was done.
  subscript(index: Int) -> JobRecord? {
    guard places.indices.contains(index), let place = places[index],
      let line = try? readers[place.reader].read(place.range)
    else { return nil }
    return JobRecord(line: line)?.from(place.base)
  }
}
