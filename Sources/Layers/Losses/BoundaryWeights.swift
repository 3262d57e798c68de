import Foundation

/// The part of the U-Net paper's weight map that rises between objects, `w0 · exp(−(d1 + d2)² / 2σ²)`; 0 in objects.
///
/// Distances are exact. Along each column every pixel keeps the two nearest objects: what is not among them cannot be
/// among the two nearest of a pixel beside the column. A row then looks to both sides until nothing nearer can come, 7 σ
/// at most, where the weight has fallen to w0 · 10⁻¹⁰.
struct BoundaryWeights {
  let width: Int
  let height: Int
  private let w0: Float
  private let sigma: Float
  /// Pixels beyond which nothing is looked for.
  private let reach: Int32

  /// A map for images of a size in pixels.
  init(width: Int, height: Int, w0: Float, sigma: Float) {
    (self.width, self.height, self.w0, self.sigma) = (width, height, w0, sigma)
    reach = Int32((7 * sigma).rounded(.up))
  }

  /// Elements of scratch memory for an image.
  static func scratch(pixels: Int) -> Int { 6 * pixels }

  /// The two nearest objects of a pixel, by number, and their distances; 0 is none.
  private struct Nearest {
    var first: Int32 = 0
    var second: Int32 = 0
    var firstDistance = Int32.max
    var secondDistance = Int32.max

    /// Takes an object into account.
    @inline(__always)
    mutating func see(_ object: Int32, _ distance: Int32) {
      if object == 0 || distance >= secondDistance { return }
      if object == first {
        firstDistance = min(firstDistance, distance)
      } else if distance < firstDistance {
        (second, secondDistance) = (first, firstDistance)
        (first, firstDistance) = (object, distance)
      } else {
        (second, secondDistance) = (object, distance)
      }
    }
  }

  /// Writes the map.
  ///
  /// - Parameter isObject: whether a pixel, counted along rows, belongs to an object.
  func write(
    into target: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>,
    isObject: (Int) -> Bool
  ) {
    let pixels = width * height
    let memory = UnsafeMutableRawPointer(scratch).bindMemory(to: Int32.self, capacity: 6 * pixels)
    let objects = memory
    let count = number(objects, stack: memory + pixels, isObject)
    target.update(repeating: 0, count: pixels)
    guard count > 1 else { return }
    let nearest = UnsafeMutableRawPointer(memory + 2 * pixels).bindMemory(to: Nearest.self, capacity: pixels)
    sweepColumns(objects, nearest)
    let limit = Double(reach)
    for y in 0..<height {
      for x in 0..<width where objects[y * width + x] == 0 {
        let found = nearestAlongRow(x, nearest + y * width)
        guard found.second != 0 else { continue }
        let sum = Double(found.firstDistance).squareRoot() + Double(found.secondDistance).squareRoot()
        guard sum <= limit else { continue }
        target[y * width + x] = w0 * Float(exp(-sum * sum / Double(2 * sigma * sigma)))
      }
    }
  }

  /// Numbers the 4-connected regions of objects from 1 on, everything else 0; the count.
  private func number(
    _ objects: UnsafeMutablePointer<Int32>, stack: UnsafeMutablePointer<Int32>, _ isObject: (Int) -> Bool
  ) -> Int32 {
    for pixel in 0..<width * height { objects[pixel] = isObject(pixel) ? -1 : 0 }
    var (count, depth): (Int32, Int) = (0, 0)
    func push(_ pixel: Int) {
      guard objects[pixel] < 0 else { return }
      objects[pixel] = count
      stack[depth] = Int32(truncatingIfNeeded: pixel)
      depth += 1
    }
    for start in 0..<width * height where objects[start] < 0 {
      count += 1
      push(start)
      while depth > 0 {
        depth -= 1
        let pixel = Int(stack[depth])
        let x = pixel % width
        if x > 0 { push(pixel - 1) }
        if x + 1 < width { push(pixel + 1) }
        if pixel >= width { push(pixel - width) }
        if pixel + width < width * height { push(pixel + width) }
      }
    }
    return count
  }

  /// The two nearest objects of each pixel within its column, distances in pixels.
  private func sweepColumns(_ objects: UnsafeMutablePointer<Int32>, _ nearest: UnsafeMutablePointer<Nearest>)
  {
    for pixel in 0..<width * height { nearest[pixel] = Nearest() }
    func pass(_ rows: some Sequence<Int>, from step: Int) {
      for y in rows {
        for x in 0..<width {
          let pixel = y * width + x
          if y - step >= 0 && y - step < height {
            let before = nearest[pixel - step * width]
            if before.firstDistance < reach { nearest[pixel].see(before.first, before.firstDistance + 1) }
            if before.secondDistance < reach { nearest[pixel].see(before.second, before.secondDistance + 1) }
          }
          nearest[pixel].see(objects[pixel], 0)
        }
      }
    }
    pass(0..<height, from: 1)
    pass((0..<height).reversed(), from: -1)
  }

  /// The two nearest objects of a pixel, squares of distances.
  @inline(__always)
  private func nearestAlongRow(_ x: Int, _ row: UnsafeMutablePointer<Nearest>) -> Nearest {
    var found = Nearest()
    func look(_ column: Int, _ square: Int32) {
      guard column >= 0 && column < width else { return }
      let here = row[column]
      if here.first != 0 { found.see(here.first, square + here.firstDistance * here.firstDistance) }
      if here.second != 0 { found.see(here.second, square + here.secondDistance * here.secondDistance) }
    }
    look(x, 0)
    var distance: Int32 = 1
    while distance <= reach && distance * distance < found.secondDistance {
      look(x - Int(distance), distance * distance)
      look(x + Int(distance), distance * distance)
      distance += 1
    }
    return found
  }
}
