import Datasets
import Files
import Foundation
import Images
import TensorCore

extension TemporaryFolder {
  /// Writes a picture that no other seed gives.
  func picture(_ name: String, seed: UInt64, width: Int = 8, height: Int = 6) throws {
    try DurableFile.write(try PictureWriter.png(Self.noise(seed, width, height)), to: "\(path)/\(name)")
  }

  static func noise(_ seed: UInt64, _ width: Int = 8, _ height: Int = 6) -> Raster {
    var random = RandomStream(seed: seed)
    let samples = (0..<width * height * 3).map { _ in UInt8(random.below(256)) }
    return Raster(width: width, height: height, channels: 3, samples: .eight(samples))
  }

  /// Writes a mask of 8×6 pixels that holds the values in turn, as gray of 8 or 16 bits.
  func grays(_ name: String, _ values: [UInt16], bits: Int = 8) throws {
    let all = (0..<48).map { values[$0 % values.count] }
    let samples: Raster.Samples = bits == 16 ? .sixteen(all) : .eight(all.map { UInt8($0) })
    try DurableFile.write(
      try PictureWriter.png(Raster(width: 8, height: 6, channels: 1, samples: samples)), to: "\(path)/\(name)"
    )
  }

  /// Writes a mask of 8×6 pixels that holds the colours in turn.
  func colors(_ name: String, _ colors: [[UInt8]]) throws {
    let samples = (0..<48).flatMap { colors[$0 % colors.count] }
    try DurableFile.write(
      try PictureWriter.png(Raster(width: 8, height: 6, channels: 3, samples: .eight(samples))),
      to: "\(path)/\(name)")
  }

  /// Writes the first bytes of a file anew.
  func cut(_ name: String, to count: Int) throws {
    try DurableFile.write(try WholeFile.read("\(path)/\(name)").prefix(count), to: "\(path)/\(name)")
  }

  /// The description `set.yaml`.
  func description() throws -> DatasetDescription { try DatasetDescription.read("\(path)/set.yaml") }

  /// What a check of `set.yaml` finds.
  func check(threads: Int = 2, splits: [String]? = nil) throws -> DatasetReport {
    try DatasetCheck(try description(), pool: ThreadPool(threads: threads)).run(splits: splits)
  }
}
