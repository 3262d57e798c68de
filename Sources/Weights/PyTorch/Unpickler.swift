/// Reads pickles (Python's `pickletools` describes them) as far as tensors need them, and runs nothing.
///
/// A pickle is a program for a stack machine. This one knows the opcodes that containers, numbers, text and tensors
/// take; calls are recognised by the name of what they call (`PickleGlobal`) and any other is an error.
struct Unpickler {
  /// Bytes of the pickles of a file; a state dictionary of a thousand tensors has a tenth of a million.
  static let byteLimit = 1 << 26
  /// Bytes of a module's, a class's or a storage's name.
  static let nameLimit = 1 << 8

  let bytes: [UInt8]
  /// Where the next opcode stands.
  private(set) var position: Int
  /// Where the bytes that it may read end.
  let end: Int
  /// Whether there are more than it may read.
  private let isLimited: Bool
  /// What was made, of all pickles that were read.
  var heap: PickleHeap

  private(set) var stack: [PickleValue] = []
  private var marks: [Int] = []
  /// How deep the stack and the marks have been: memory that is charged.
  private var deepest = (stack: 0, marks: 0)
  private var memo = PickleMemo()
  /// The first name that nothing here needs.
  private var foreign: PickleValue?

  /// A reader of the pickles in `range` of `bytes`.
  init(_ bytes: [UInt8], _ range: Range<Int>) {
    (self.bytes, position) = (bytes, range.lowerBound)
    end = min(range.upperBound, range.lowerBound + Self.byteLimit)
    isLimited = end < range.upperBound
    heap = PickleHeap(bytes, origin: range.lowerBound)
  }

  /// The value of the next pickle.
  ///
  /// - Throws: `PyTorchProblem`.
  mutating func load() throws(PyTorchProblem) -> PickleValue {
    stack.removeAll(keepingCapacity: true)
    marks.removeAll(keepingCapacity: true)
    memo.removeAll()
    while let opcode = try next() {
      try execute(opcode)
    }
    let result = try pop()
    guard stack.isEmpty, marks.isEmpty else { throw wrong("one value at the end", "more") }
    if case .foreign(let place) = foreign { throw .name(heap.name(place)) }
    return result
  }

  /// The next opcode; `nil` for that which ends a pickle.
  private mutating func next() throws(PyTorchProblem) -> UInt8? {
    let opcode = try byte()
    return opcode == UInt8(ascii: ".") ? nil : opcode
  }

  // The stack.

  mutating func push(_ value: PickleValue) throws(PyTorchProblem) {
    if stack.count == deepest.stack {
      try heap.charge(Self.growth * MemoryLayout<PickleValue>.stride)
      deepest.stack += 1
    }
    stack.append(value)
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
    if marks.count == deepest.marks {
      try heap.charge(Self.growth * MemoryLayout<Int>.stride)
      deepest.marks += 1
    }
    marks.append(stack.count)
  }

  /// Where the values above the last mark start on the stack; the mark is gone.
  mutating func popMark() throws(PyTorchProblem) -> Int {
    guard let mark = marks.popLast() else { throw wrong("a mark on the stack", "none") }
    return mark
  }

  /// Where the `count` topmost values start on the stack.
  func start(of count: Int) throws(PyTorchProblem) -> Int {
    guard stack.count - (marks.last ?? 0) >= count else { throw wrong("a value on the stack", "none") }
    return stack.count - count
  }

  /// The values of the stack from `start` on become the items of a new container.
  mutating func gather(from start: Int) throws(PyTorchProblem) -> PickleItems {
    var items = PickleItems()
    try gather(from: start, into: &items)
    return items
  }

  /// The values of the stack from `start` on go to the end of a container's items.
  mutating func gather(from start: Int, into items: inout PickleItems) throws(PyTorchProblem) {
    try heap.append(stack[start...], to: &items)
    stack.removeSubrange(start...)
  }

  /// The value below `start` on the stack, above the last mark.
  func below(_ start: Int) -> PickleValue? {
    start > marks.last ?? 0 ? stack[start - 1] : nil
  }

  /// The value on top, which stays there.
  func top() throws(PyTorchProblem) -> PickleValue {
    guard let value = below(stack.count) else { throw wrong("a value on the stack", "none") }
    return value
  }

  /// A list doubles when it is full, and is there twice while it is copied: three times its elements at most.
  private static let growth = 3

  // The memo.

  mutating func memoize(_ index: Int? = nil) throws(PyTorchProblem) {
    let value = try top()
    try memo.keep(value, as: index, &heap)
  }

  mutating func recall(_ index: Int) throws(PyTorchProblem) {
    guard let value = memo[index] else { throw wrong("a value kept as \(index)", "none") }
    try push(value)
  }

  /// A name: what it stands for, or a foreign value, which is noted.
  mutating func global(_ module: PickleText, _ name: PickleText) throws(PyTorchProblem) -> PickleValue {
    if let global = PickleGlobal(module: heap.text(module), name: heap.text(name)) { return .global(global) }
    let value = try heap.makeForeign(module, name)
    if foreign == nil { foreign = value }
    return value
  }

  // The bytes.

  mutating func byte() throws(PyTorchProblem) -> UInt8 { bytes[try take(1).lowerBound] }

  /// The next `count` bytes.
  mutating func take(_ count: Int) throws(PyTorchProblem) -> Range<Int> {
    guard let range = Range(start: position, count: count, limit: end) else {
      if isLimited {
        throw .layout(expected: "pickles of at most \(Self.byteLimit) bytes", found: "more")
      }
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
  mutating func text(_ count: Int) throws(PyTorchProblem) -> PickleText {
    let range = try take(count)
    guard let text = String(validating: bytes[range], as: UTF8.self) else {
      throw wrong("UTF-8", "other bytes")
    }
    guard CombiningMarks.areFew(in: text) else {
      throw wrong("at most \(CombiningMarks.limit) combining marks in a row", "more")
    }
    return PickleText(start: UInt32(range.lowerBound - heap.origin), count: UInt32(range.count))
  }

  /// Text up to the end of the line.
  mutating func line() throws(PyTorchProblem) -> PickleText {
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
