import Datasets
import TensorCore
import Training

extension OpenedData {
  /// Faults that are listed; the others are counted.
  private static let shown = 20

  /// Throws unless all data of a recipe are sound, as far as can be seen before the first step; several faults are
  /// listed first, one alone is the error itself.
  static func check(_ recipe: Recipe, pool: ThreadPool) throws {
    var faults: [any Error] = []
    var seen: Set<String> = []
    let validation = recipe.validation.map { [$0] } ?? []
    for (index, part) in (recipe.data + validation).enumerated() {
      guard seen.insert("\(part.dataset)\n\(part.split)").inserted else { continue }
      let check = DatasetCheck(try DatasetDescription.read(part.dataset), pool: pool)
      let found = check.faults(split: part.split, isForTraining: index < recipe.data.count) { done, count in
        if done.isMultiple(of: 16) || done == count {
          Console.progress("checking \(part.split) \(done)/\(count)")
        }
      }
      Console.endProgress()
      // Splits may share files.
      faults += found.filter { seen.insert("\($0)").inserted }
    }
    if faults.count == 1 { throw faults[0] }
    for fault in faults.prefix(shown) { Console.note(OneLineError(fault).description) }
    if faults.count > shown { Console.note("… and \(faults.count - shown) more") }
    if !faults.isEmpty { throw CommandError.faults(count: faults.count) }
  }
}
