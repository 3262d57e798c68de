import CFuzzer
import Foundation

/// `Fuzz READER [libFuzzer's arguments]`: hands libFuzzer's inputs to one of the readers.
@main
enum Main {
  static func main() {
    let arguments = CommandLine.arguments
    guard arguments.count > 1, let target = Target(rawValue: arguments[1]) else {
      print("usage: Fuzz \(Target.allCases.map(\.rawValue).joined(separator: "|")) [-runs=N] [FOLDER …]")
      return
    }
    Target.current = target
    // libFuzzer reads the program's own arguments, without the reader's name.
    var words = ([arguments[0]] + arguments.dropFirst(2)).map { strdup($0) }
    words.append(nil)
    var count = Int32(words.count - 1)
    words.withUnsafeMutableBufferPointer { buffer in
      var start = buffer.baseAddress
      _ = LLVMFuzzerRunDriver(&count, &start) { data, count in
        Target.current.run(Array(UnsafeBufferPointer(start: data, count: count)))
        return 0
      }
    }
  }
}

/// Mutates; PNG chunks get their checksums afterwards, without which nothing behind the first would ever be read.
@_cdecl("LLVMFuzzerCustomMutator")
func mutate(
  _ data: UnsafeMutablePointer<UInt8>, _ count: Int, _ most: Int, _ seed: UInt32
) -> Int {
  let changed = LLVMFuzzerMutate(data, count, most)
  // Every eighth file keeps what is wrong.
  if Target.current == .png, seed % 8 != 0 {
    PNGChecksums.mend(UnsafeMutableBufferPointer(start: data, count: changed))
  }
  return changed
}
