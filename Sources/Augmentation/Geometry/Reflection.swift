/// Pixels outside of an image, as a mirror at the middle of its outermost pixels shows them.
enum Reflection {
  /// The index in `0..<count` that stands for `index`: `… 2 1 0 1 2 …`.
  static func index(_ index: Int, count: Int) -> Int {
    if index >= 0 && index < count { return index }
    if count == 1 { return 0 }
    let period = 2 * (count - 1)
    let rest = ((index % period) + period) % period
    return rest < count ? rest : period - rest
  }
}
