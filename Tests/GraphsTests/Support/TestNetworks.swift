import Graphs
import Layers
import TensorCore

/// The graph of what `body` builds on an input of that shape.
func network(
  _ nominal: Shape, _ body: (Symbol) throws -> [Symbol]
) throws -> Graph {
  let builder = GraphBuilder()
  return try builder.graph(outputs: body(builder.input(nominal: nominal)))
}

/// A small U-Net, as wide at its first level as `width`.
func miniUNet(
  _ nominal: Shape = [1, 8, 8, 3], width: Int = 4, depth: Int = 2, classes: Int = 3
) throws -> Graph {
  func block(_ x: Symbol, _ channels: Int, _ name: Scope) throws -> Symbol {
    let y = try x.conv(channels, kernel: 3, bias: false, name / 0).batchNorm(name / 1).relu()
    return try y.conv(channels, kernel: 3, bias: false, name / 3).batchNorm(name / 4).relu()
  }
  return try network(nominal) { image in
    var skips = [try block(image.reflectionPadded(toMultipleOf: 1 << depth), width, "inc")]
    for level in 1...depth {
      skips.append(
        try block(skips[level - 1].maxPool(kernel: 2, stride: 2), width << level, Scope("down\(level)")))
    }
    var y = skips[depth]
    for level in stride(from: depth - 1, through: 0, by: -1) {
      let up = try y.transposedConv(width << level, kernel: 2, stride: 2, Scope("up\(level)"))
      y = try block(skips[level].concatenated(with: up), width << level, Scope("join\(level)"))
    }
    return [try y.conv(classes, kernel: 1, "head").cropped(like: image)]
  }
}

/// Residual blocks with and without a convolution in the shortcut, a sum of sums, of a value and what is made of it
/// alone, and of joined values, behind each of which values are read again.
func ladder(_ nominal: Shape = [2, 9, 7, 3]) throws -> Graph {
  func block(_ x: Symbol, _ channels: Int, stride: Pair = 1, _ s: Scope) throws -> Symbol {
    let y = try x.conv(channels, kernel: 1, bias: false, s / "a").batchNorm(s / "an").relu()
      .conv(channels, kernel: 3, stride: stride, bias: false, s / "b").batchNorm(s / "bn")
    if stride == 1 { return try y.adding(x).relu() }
    let shortcut = try x.conv(channels, kernel: 1, stride: stride, bias: false, s / "s").batchNorm(s / "sn")
    return try y.adding(shortcut).relu()
  }
  return try network(nominal) { image in
    let stem = try image.conv(4, kernel: 3, "stem").batchNorm("norm").relu()
    let first = try block(block(stem, 4, "one"), 4, "two")
    let plain = try first.adding(first.conv(4, kernel: 1, "direct"))
    let inner = try plain.conv(4, kernel: 1, "u").relu().adding(plain.conv(4, kernel: 1, "v"))
    let nested = try inner.adding(plain).adding(stem).relu()
    let halves = try nested.conv(2, kernel: 3, "h1").concatenated(with: nested.conv(2, kernel: 1, "h2"))
    let joined = try halves.adding(nested)
    let coarse = try block(block(joined, 5, stride: 2, "three"), 5, "four")
    return [try coarse.transposedConv(3, kernel: 2, stride: 2, "head").cropped(like: image), first]
  }
}

/// Values with several readers: a chain of concatenations, sums of a value with itself and across, a value that is
/// joined twice, dropout, and a second output in the middle.
func knot(_ nominal: Shape = [2, 9, 7, 3], dropout: Float = 0) throws -> Graph {
  try network(nominal) { image in
    let stem = try image.conv(4, kernel: 3, "stem").batchNorm("norm").relu()
    let a = try stem.conv(3, kernel: 3, "a").relu()
    let first = try stem.concatenated(with: a)
    let b = try first.conv(2, kernel: 1, "b")
    let second = try first.concatenated(with: b)
    let c = try second.conv(9, kernel: 3, bias: false, "c").batchNorm("cn")
    let sum = try c.adding(second)
    let doubled = try sum.adding(sum)
    let joined = try doubled.concatenated(with: doubled, stem)
    let late = try a.conv(4, kernel: 1, "late").adding(stem)
    let all = try joined.concatenated(with: late).dropout(dropout)
    return [try all.conv(3, kernel: 1, "head"), b]
  }
}
