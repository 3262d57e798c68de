import Augmentation
import Datasets
import Foundation
import TensorCore

/// The part of a source that a fold trains on, or validates on (k-fold cross-validation; Stone 1974).
///
/// Samples are put in an order that depends on the fold's seed and on the stems of their names alone, and dealt like
/// cards, so that parts differ by one sample at most and stay the same wherever the data lies.
public struct FoldSource: SampleSource {
  /// What messages call it, `camvid/train without fold 0 of 5`.
  public let title: String
  private let source: any SampleSource
  private let indices: [Int]

  /// The samples of `source` that validate, or all others.
  ///
  /// - Throws: `DatasetError.wrongValue` when there are fewer samples than parts.
  public init(
    _ source: any SampleSource, fold: LoopSettings.Fold, validates: Bool
  ) throws(DatasetError) {
    guard source.count >= fold.count else {
      throw .wrongValue(
        file: "folds", key: "count", expected: "at most the \(source.count) samples of \(source.title)",
        found: "\(fold.count)")
    }
    self.source = source
    title = "\(source.title) \(validates ? "" : "without ")fold \(fold.index) of \(fold.count)"
    let keys = (0..<source.count).map { index in
      let stem = source.name(at: index).fileName.withoutFileExtension
      var random = RandomStream(keys: fold.seed, FNV1a(stem).value)
      return (random.next(), source.name(at: index))
    }
    let order = (0..<source.count).sorted { keys[$0] < keys[$1] }
    indices = order.indices.filter { ($0 % fold.count == fold.index) == validates }.map { order[$0] }.sorted()
  }

  /// The source's classes.
  public var classes: [String] { source.classes }
  /// The samples of the part.
  public var count: Int { indices.count }
  /// What is true of the source's samples.
  public var truth: Sample.TruthKind { source.truth }
  /// Whether the source's samples lie in memory.
  public var isInMemory: Bool { source.isInMemory }

  /// What the source calls the sample.
  public func name(at index: Int) -> String { source.name(at: indices[index]) }
  /// The source's sample.
  public func sample(at index: Int) throws(DatasetError) -> Sample { try source.sample(at: indices[index]) }
}
