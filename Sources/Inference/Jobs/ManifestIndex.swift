import Files
import Foundation

/// Finds in manifests where the lines of a job's pictures lie, while a job begins.
final class ManifestIndex {
  private let index: [ExactPath: Int]
  private let stems: Set<ExactPath>
  private var readers: [LineReader] = []
  private var places: [EarlierRecords.Place?]
  /// Whose result a file is: of two pictures that were given the same name in turn, the later one's.
  private var owners: [ExactPath: ExactPath] = [:]
  /// Where this manifest's line of each picture lies.
  private(set) var own: [Range<Int>?]
  /// The lines of this manifest on other pictures.
  private(set) var others: [ExactPath: Range<Int>] = [:]
  /// Whether this manifest is no manifest.
  private(set) var isForeign = false

  /// What of a line is read.
  private struct Claim: Decodable {
    let input: String
    let status: JobRecord.Status
    let outputs: [String]
  }

  init(_ items: [InputCollection.Item]) {
    index = Dictionary(
      items.enumerated().map { (ExactPath($1.input), $0) }, uniquingKeysWith: { first, _ in first })
    stems = Set(items.map { ExactPath($0.stem) })
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
      let input = ExactPath(claim.input)
      for output in claim.outputs {
        if let owner = owners.updateValue(input, forKey: ExactPath(output)), owner != input { forget(owner) }
      }
      guard let item = index[input] else {
        if isOwn && !claim.outputs.contains(where: isReplaced) { others[input] = range }
        return
      }
      if isOwn { own[item] = range }
      if claim.status != .failed {
        places[item] = .init(reader: number, range: range)
      } else if isOwn {
        places[item] = nil
      }
    }
  }

  private func forget(_ input: ExactPath) {
    others[input] = nil
    guard let item = index[input] else { return }
    (places[item], own[item]) = (nil, nil)
  }

  /// Whether this job has a picture whose result gets this path.
  private func isReplaced(_ output: String) -> Bool {
    var stem = Substring(output)
    while let dot = stem.lastIndex(of: "."), dot > (stem.lastIndex(of: "/") ?? stem.startIndex) {
      stem = stem[..<dot]
      if stems.contains(ExactPath(String(stem))) { return true }
    }
    return false
  }
}

/// What earlier runs wrote of a job's pictures, for any thread.
struct EarlierRecords: Sendable {
  /// Where a line lies.
  struct Place: Sendable {
    let reader: Int
    let range: Range<Int>
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
    return JobRecord(line: line)
  }
}
