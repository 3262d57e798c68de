import TensorCore

extension Checkpoint {
  /// 16 hexadecimal digits that tell this model from others: of its architecture, what it says of its classes and input,
  /// and its parameters.
  public var digest: String {
    var hash = FNV1a()
    hash.add(architecture ?? "")
    for (key, value) in arguments.sorted(by: { $0.key < $1.key }) { hash.add("\n\(key)=\(value)") }
    hash.add("\n\(classes)\n\(palette)\n\(normalization?.mean ?? [])\n\(normalization?.deviation ?? [])")
    for name in parameters.keys.sorted() {
      hash.add("\n\(name)")
      parameters[name]?.withUnsafeElements { hash.add($0) }
    }
    return hash.text
  }
}
