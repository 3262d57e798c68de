/// Reads pickles (Python's `pickletools` describes them) as far as tensors need them, and runs nothing.
///
/// A pickle is a program for a stack machine. This one knows the opcodes that containers, numbers, text and tensors
/// take; calls are recognised by the name of what they call (`PickleGlobal`) and any other is an error.
struct Unpickler {
  /// Values that one file may make.
  static let valueLimit = 1 << 18
  /// Bytes of a module's or a class's name.
  static let nameLimit = 1 << 10
  /// Axes of a tensor; PyTorch takes no more.
  static let rankLimit = 64

  let bytes: [UInt8]
  /// Where the next opcode stands.
  private(set) var position: Int
  /// Where the bytes that it may read end.
  let end: Int
  /// Every container, storage and tensor that was made, of all pickles that were read.
  var objects: [PickleObject] = []

  private var stack: [PickleValue] = []
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]
  private var values = 0
  /// The first name that nothing here needs.
  private var foreign: String?

  /// A reader of the pickles in `range` of `bytes`.
  init(_ bytes: [UInt8], _ range: Range<Int>) {
    (self.bytes, position, end) = (bytes, range.lowerBound, range.upperBound)
  }

  /// The value of the next pickle.
  ///
  /// - Throws: `PyTorchProblem`.
  mutating func load() throws(PyTorchProblem) -> PickleValue {
    (stack, marks, memo) = ([], [], [:])
    while let opcode = try next() {
      try execute(opcode)
    }
    let result = try pop()
    guard stack.isEmpty, marks.isEmpty else { throw wrong("one value at the end", "more") }
    if let foreign { throw .name(foreign) }
    return result
  }

  /// The next opcode; `nil` for that which ends a pickle.
  private mutating func next() throws(PyTorchProblem) -> UInt8? {
    let opcode = try byte()
    return opcode == UInt8(ascii: ".") ? nil : opcode
  }

  // The stack.

  mutating func push(_ value: PickleValue) throws(PyTorchProblem) {
    try count()
    stack.append(value)
  }

  mutating func push(_ object: PickleObject) throws(PyTorchProblem) {
    objects.append(object)
    try push(.object(objects.count - 1))
  }

  /// The topmost value above the last mark.
  mutating func pop() throws(PyTorchProblem) -> PickleValue {
    guard stack.count > marks.last ?? 0, let value = stack.popLast() else {
      throw wrong("a value on the stack", "none")
    }
    return value
  }

  /// The `count` topmost values, the deepest first.
  mutating func pop(_ count: Int) throws(PyTorchProblem) -> [PickleValue] {
    var values: [PickleValue] = []
    for _ in 0..<count { values.append(try pop()) }
    return values.reversed()
  }

  mutating func mark() throws(PyTorchProblem) {
    try count()
    marks.append(stack.count)
  }

  /// All values above the last mark, and the mark gone.
  mutating func popMark() throws(PyTorchProblem) -> [PickleValue] {
    guard let mark = marks.popLast() else { throw wrong("a mark on the stack", "none") }
    let values = Array(stack[mark...])
    stack.removeSubrange(mark...)
    return values
  }

  /// The number of the container on top, which stays there.
  func top() throws(PyTorchProblem) -> PickleValue {
    guard stack.count > marks.last ?? 0, let value = stack.last else {
      throw wrong("a value on the stack", "none")
    }
    return value
  }

  // The memo.

  mutating func memoize(_ index: Int? = nil) throws(PyTorchProblem) {
    try count()
    memo[index ?? memo.count] = try top()
  }

  mutating func recall(_ index: Int) throws(PyTorchProblem) {
    guard let value = memo[index] else { throw wrong("a value kept as \(index)", "none") }
    try push(value)
  }

  /// A name: what it stands for, or a foreign value, which is noted.
  mutating func global(_ module: String, _ name: String) -> PickleValue {
    if let global = PickleGlobal(module: module, name: name) { return .global(global) }
    let full = "\(module).\(name)"
    if foreign == nil { foreign = full }
    return .foreign(full)
  }

  /// The object behind a value, if it is one.
  func object(_ value: PickleValue) -> PickleObject? {
    guard case .object(let index) = value else { return nil }
    return objects[index]
  }

  /// The values of a tuple or list.
  func items(_ value: PickleValue) -> [PickleValue]? {
    switch object(value) {
    case .tuple(let items), .list(let items): items
    default: nil
    }
  }

  /// Counts values that are made; what a call copies counts again.
  mutating func count(_ made: Int = 1) throws(PyTorchProblem) {
    values += made
    guard values <= Self.valueLimit else { throw .tooManyValues(limit: Self.valueLimit) }
  }

  // The bytes.

  mutating func byte() throws(PyTorchProblem) -> UInt8 { bytes[try take(1).lowerBound] }

  /// The next `count` bytes.
  mutating func take(_ count: Int) throws(PyTorchProblem) -> Range<Int> {
    guard let range = Range(start: position, count: count, limit: end) else {
      throw wrong("\(count) more bytes", "\(end - position); it is cut off")
    }
    position = range.upperBound
    return range
  }

  /// The next number.
  mutating func number<Number: FixedWidthInteger & BitwiseCopyable>(
    _ type: Number.Type
  ) throws(PyTorchProblem) -> Number {
    let place = try take(MemoryLayout<Number>.size).lowerBound
    return bytes.number(at: place, as: type) ?? 0
  }

  /// A length of 8 bytes.
  mutating func length() throws(PyTorchProblem) -> Int {
    let length = try number(UInt64.self)
    guard let length = Int(exactly: length) else { throw wrong("a length", "\(length)") }
    return length
  }

  /// Text of `count` bytes.
  mutating func text(_ count: Int) throws(PyTorchProblem) -> String {
    let range = try take(count)
    guard let text = String(validating: bytes[range], as: UTF8.self) else {
      throw wrong("UTF-8", "other bytes")
    }
    return text
  }

  /// Text up to the end of the line.
  mutating func line() throws(PyTorchProblem) -> String {
    let rest = bytes[position..<min(end, position + Self.nameLimit)]
    guard let newline = rest.firstIndex(of: 10) else { throw wrong("a name and the end of its line", "none") }
    let text = try text(newline - position)
    position += 1
    return text
  }

  func wrong(_ expected: String, _ found: String) -> PyTorchProblem {
    .pickle(offset: position, expected: expected, found: found)
  }
}
