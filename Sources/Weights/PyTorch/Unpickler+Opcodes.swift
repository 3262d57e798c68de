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
    case UInt8(ascii: "G"): try push(.float(Double(bitPattern: number(UInt64.self).byteSwapped)))
    case UInt8(ascii: "X"), UInt8(ascii: "T"): try push(.text(text(Int(number(UInt32.self)))))
    case 0x8c, UInt8(ascii: "U"): try push(.text(text(Int(byte()))))
    case 0x8d: try push(.text(text(length())))
    case UInt8(ascii: "C"): try opaque(Int(byte()))
    case UInt8(ascii: "B"): try opaque(Int(number(UInt32.self)))
    case 0x8e, 0x96: try opaque(length())

    case UInt8(ascii: "]"): try push(.list([]))
    case UInt8(ascii: ")"): try push(.tuple([]))
    case UInt8(ascii: "}"): try push(.dictionary([]))
    case UInt8(ascii: "l"): try push(.list(popMark()))
    case UInt8(ascii: "t"): try push(.tuple(popMark()))
    case UInt8(ascii: "d"):
      let items = try popMark()
      try push(.dictionary(pairs(items)))
    case 0x85: try push(.tuple(pop(1)))
    case 0x86: try push(.tuple(pop(2)))
    case 0x87: try push(.tuple(pop(3)))
    case UInt8(ascii: "a"): try append(pop(1))
    case UInt8(ascii: "e"): try append(popMark())
    case UInt8(ascii: "s"): try insert(pop(2))
    case UInt8(ascii: "u"): try insert(popMark())

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
    case 0x81: throw try object(of: pop(2))
    case 0x92: throw try object(of: pop(3))
    case UInt8(ascii: "o"): throw try object(of: popMark())
    case UInt8(ascii: "i"):
      let module = try line()
      throw .call(of: "\(module).\(try line())")
    case UInt8(ascii: "b"): try build()
    case UInt8(ascii: "Q"):
      let identifier = try pop()
      try push(storage(identifier))
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

  private func pairs(
    _ items: [PickleValue]
  ) throws(PyTorchProblem) -> [(key: PickleValue, value: PickleValue)] {
    guard items.count % 2 == 0 else { throw wrong("a value for each key", "a key more") }
    return stride(from: 0, to: items.count, by: 2).map { (items[$0], items[$0 + 1]) }
  }

  private mutating func append(_ items: [PickleValue]) throws(PyTorchProblem) {
    guard case .object(let index) = try top(), case .list(var list) = objects[index] else {
      throw wrong("a list to append to", "something else")
    }
    // Taken out while it grows, so that it is not copied each time.
    objects[index] = .list([])
    list += items
    objects[index] = .list(list)
  }

  private mutating func insert(_ items: [PickleValue]) throws(PyTorchProblem) {
    let added = try pairs(items)
    guard case .object(let index) = try top(), case .dictionary(var dictionary) = objects[index] else {
      throw wrong("a dictionary to insert into", "something else")
    }
    objects[index] = .dictionary([])
    dictionary += added
    objects[index] = .dictionary(dictionary)
  }

  private mutating func stackGlobal() throws(PyTorchProblem) {
    let parts = try pop(2)
    guard case .text(let module) = parts[0], case .text(let name) = parts[1] else {
      throw wrong("a module and a name", "something else")
    }
    try push(global(module, name))
  }
}
