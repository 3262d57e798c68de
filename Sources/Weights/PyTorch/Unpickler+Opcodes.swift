extension Unpickler {
  /// Executes an opcode; those that tensors never need are errors.
  mutating func execute(_ opcode: UInt8) throws(PyTorchProblem) {
    switch opcode {
    // PROTO and FRAME: a version, and a length that lets a reader read ahead.
    case 0x80: _ = try byte()
    case 0x95: _ = try take(8)

    case UInt8(ascii: "("): try mark()
    case UInt8(ascii: "N"): try push(.none)
    case 0x88: try push(.boolean(true))
    case 0x89: try push(.boolean(false))
    case UInt8(ascii: "J"): try push(.integer(Int(number(Int32.self))))
    case UInt8(ascii: "K"): try push(.integer(Int(byte())))
    case UInt8(ascii: "M"): try push(.integer(Int(number(UInt16.self))))
    case 0x8a: try long(Int(byte()))
    case 0x8b: try long(Int(number(UInt32.self)))
    case UInt8(ascii: "G"): try opaque(8)
    case UInt8(ascii: "X"), UInt8(ascii: "T"): try push(.text(text(Int(number(UInt32.self)))))
    case 0x8c, UInt8(ascii: "U"): try push(.text(text(Int(byte()))))
    case 0x8d: try push(.text(text(length())))
    case UInt8(ascii: "C"): try opaque(Int(byte()))
    case UInt8(ascii: "B"): try opaque(Int(number(UInt32.self)))
    case 0x8e, 0x96: try opaque(length())

    case UInt8(ascii: "]"): try push(heap.make(.list(PickleItems())))
    case UInt8(ascii: ")"): try push(heap.make(.tuple(PickleItems())))
    case UInt8(ascii: "}"): try push(heap.make(.dictionary(PickleItems())))
    case UInt8(ascii: "l"): try push(heap.make(.list(gather(from: popMark()))))
    case UInt8(ascii: "t"): try push(heap.make(.tuple(gather(from: popMark()))))
    case UInt8(ascii: "d"): try push(heap.make(.dictionary(gatherPairs(from: popMark()))))
    case 0x85...0x87: try push(heap.make(.tuple(gather(from: start(of: Int(opcode) - 0x84)))))
    case UInt8(ascii: "a"): try append(from: start(of: 1))
    case UInt8(ascii: "e"): try append(from: popMark())
    case UInt8(ascii: "s"): try insert(from: start(of: 2))
    case UInt8(ascii: "u"): try insert(from: popMark())

    case UInt8(ascii: "q"): try memoize(Int(byte()))
    case UInt8(ascii: "r"): try memoize(Int(number(UInt32.self)))
    case 0x94: try memoize()
    case UInt8(ascii: "h"): try recall(Int(byte()))
    case UInt8(ascii: "j"): try recall(Int(number(UInt32.self)))

    case UInt8(ascii: "c"):
      let module = try line()
      try push(global(module, line()))
    case 0x93: try stackGlobal()
    case UInt8(ascii: "R"): try call()
    // NEWOBJ, NEWOBJ_EX and OBJ.
    case 0x81: throw try object(from: start(of: 2))
    case 0x92: throw try object(from: start(of: 3))
    case UInt8(ascii: "o"): throw try object(from: popMark())
    case UInt8(ascii: "i"):
      let module = try line()
      throw .call(of: "\(heap.text(module)).\(try heap.text(line()))")
    case UInt8(ascii: "b"): try build()
    case UInt8(ascii: "Q"):
      let identifier = try pop()
      try push(heap.make(storage(identifier)))
    default:
      throw wrong(
        "an opcode that tensors need",
        "0x\(opcode < 16 ? "0" : "")\(String(opcode, radix: 16, uppercase: true))")
    }
  }

  /// An integer of `count` bytes; one beyond 64 bits is nothing that a tensor has.
  private mutating func long(_ count: Int) throws(PyTorchProblem) {
    let range = try take(count)
    guard count <= 8 else { return try push(.opaque) }
    let isNegative = range.last.map { bytes[$0] >= 0x80 } ?? false
    try push(.integer(bytes[range].reversed().reduce(isNegative ? -1 : 0) { $0 << 8 | Int($1) }))
  }

  private mutating func opaque(_ count: Int) throws(PyTorchProblem) {
    _ = try take(count)
    try push(.opaque)
  }

  /// The values of the stack from `start` on, keys and values in turn.
  private mutating func gatherPairs(
    from start: Int, after items: PickleItems = PickleItems()
  ) throws(PyTorchProblem) -> PickleItems {
    guard (stack.count - start) % 2 == 0 else { throw wrong("a value for each key", "a key more") }
    var items = items
    try gather(from: start, into: &items)
    return items
  }

  private mutating func append(from start: Int) throws(PyTorchProblem) {
    guard let container = below(start), case .list(var items) = heap.object(container) else {
      throw wrong("a list to append to", "something else")
    }
    try gather(from: start, into: &items)
    heap.replace(container, by: .list(items))
  }

  private mutating func insert(from start: Int) throws(PyTorchProblem) {
    guard let container = below(start), case .dictionary(let items) = heap.object(container) else {
      throw wrong("a dictionary to insert into", "something else")
    }
    heap.replace(container, by: .dictionary(try gatherPairs(from: start, after: items)))
  }

  private mutating func stackGlobal() throws(PyTorchProblem) {
    let parts = try pop(2)
    guard case .text(let module) = parts[0], case .text(let name) = parts[1],
      max(module.count, name.count) <= Self.nameLimit
    else { throw wrong("a module and a name", "something else") }
    try push(global(module, name))
  }
}
