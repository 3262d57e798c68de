import Files
import Foundation

/// What became of every picture of a job, a line of JSON for each, in a file beside the results.
///
/// Lines are added as pictures are done, in the order of the pictures; of several for one picture the last is true. At a
/// run's end the file is replaced by one with a line for each picture. The manifests of shards lie beside that of a
/// plain run.
final class JobManifest {
  private let lock: FolderLock
  private let log: LineFile
  /// What earlier runs wrote of this job's pictures.
  let earlier: EarlierRecords
  /// Whose results lie where, as `ResultGuard` has it.
  let owners: [UInt64: UInt64]
  /// Where this manifest's line of each picture lies.
  private var own: [EarlierRecords.Place?]
  /// The lines of this manifest on pictures that are not in this job.
  private let others: [ManifestIndex.OtherLine]
  /// Pictures whose results were written in this run and may have taken the place of others'.
  private var replaced: Set<Int> = []
  private let rivals: Set<Int>
  private let directory = FileManager.default.currentDirectoryPath

  /// The manifest's path.
  var path: String { log.path }

  /// Opens the manifest of a job in `folder`, which is made if need be.
  ///
  /// A plain run has the folder to itself; shards share it, each with a manifest of its own.
  ///
  /// - Throws: `InferenceError.file` with `.inUse` when another run is at work there, `.notAManifest` when a file of that
  ///   name is something else.
  init(_ folder: String, shard: Shard?, items: [InputCollection.Item]) throws(InferenceError) {
    let name = Self.name(shard)
    let readers: [LineReader]
    do throws(FileError) {
      try DurableFile.makeFolder(folder)
      lock = try FolderLock(folder, isShared: shard != nil)
      log = try LineFile(folder.appendingPath(name))
    } catch {
      // The same part of the list, begun twice.
      if case .inUse = error { throw .file(.inUse(folder: folder)) }
      throw .file(error)
    }
    // What another run wrote only saves work; without it the work is done again.
    readers = Self.readers(above: folder) + Self.readers(in: folder) { $0 != name }
    let index = ManifestIndex(items)
    for reader in readers { index.read(reader, isOwn: false) }
    index.read(log.reader, isOwn: true)
    if index.isForeign { throw .notAManifest(path: log.path) }
    (earlier, owners) = (index.earlier, index.owners)
    own = index.own
    others = index.others.values.sorted { $0.range.lowerBound < $1.range.lowerBound }
    rivals = Set(others.flatMap(\.rivals))
  }

  /// Adds the line of the picture `index`, which goes on to tell of results that the line before it told of.
  func append(_ record: JobRecord, for index: Int) throws(FileError) {
    var record = record
    if record.status != .skipped, let place = own[index], let line = try? log.reader.read(place.range),
      let before = JobRecord(line: line)?.from(place.base)
    {
      let outputs = Set(record.outputs.map(ResultGuard.key))
      let standing = (before.outputs + (before.earlierOutputs ?? [])).filter {
        !outputs.contains(ResultGuard.key(of: $0)) && FileStamp($0) != nil
      }
      record.earlierOutputs = standing.isEmpty ? nil : standing
    }
    let paths = [record.input] + record.outputs + (record.earlierOutputs ?? [])
    record.directory = paths.contains { $0.utf8.first != UInt8(ascii: "/") } ? directory : nil
    own[index] = .init(reader: 0, range: try log.append(record.line))
    if record.status == .done && rivals.contains(index) { replaced.insert(index) }
  }

  /// Replaces the file by one with a line for each picture, in the order of the pictures; those that this run did not get
  /// to keep their earlier lines, as do pictures of other runs, which come last,
  /// unless their results were replaced.
  func finish() throws(FileError) {
    let kept = others.filter { replaced.isDisjoint(with: $0.rivals) }
    let places = own.compactMap { $0?.range } + kept.map(\.range)
    let staged = try DurableFile.stage(to: path) { write throws(FileError) in
      var part = ContiguousArray<UInt8>()
      for place in places {
        part += try log.reader.read(place.lowerBound..<place.upperBound + 1)
        guard part.count >= 1 << 16 else { continue }
        try write(part)
        part.removeAll(keepingCapacity: true)
      }
      try write(part)
    }
    try staged.commit()
  }

  /// Whose results lie where by the manifests in a folder and in those above it, as `ResultGuard` has it.
  static func owners(in folder: String) -> [UInt64: UInt64] {
    let readers = readers(above: folder) + readers(in: folder) { _ in true }
    let index = ManifestIndex([])
    for reader in readers { index.read(reader, isOwn: false) }
    return index.owners
  }

  /// How far above a folder manifests are looked for whose jobs have results in it.
  private static let levels = 16

  /// The manifests of plain runs in the folders above one, the uppermost first.
  private static func readers(above folder: String) -> [LineReader] {
    var (found, place) = ([LineReader](), folder.realPath ?? folder.absolutePath)
    for _ in 0..<levels where place != "/" {
      place = place.parentFolder
      if let reader = reader(place.appendingPath(name(nil))) { found.append(reader) }
    }
    return found.reversed()
  }

  private static func readers(in folder: String, where isWanted: (String) -> Bool) -> [LineReader] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.sorted().filter { isManifest($0) && isWanted($0) }.compactMap {
      reader(folder.appendingPath($0))
    }
  }

  /// The manifest at a path; `nil` where none is, such as another program's file of that name, which may be of any size.
  private static func reader(_ path: String) -> LineReader? {
    guard let reader = try? LineReader(path), ManifestIndex.isManifest(reader) else { return nil }
    return reader
  }

  private static func name(_ shard: Shard?) -> String {
    shard.map { "manifest.\($0.index)-of-\($0.count).jsonl" } ?? "manifest.jsonl"
  }

  private static func isManifest(_ name: String) -> Bool {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.first == "manifest", parts.last == "jsonl" else { return false }
    if parts.count == 2 { return true }
    let numbers = parts[1].components(separatedBy: "-of-")
    return parts.count == 3 && numbers.count == 2 && numbers.allSatisfy { Int($0) != nil }
  }
}
