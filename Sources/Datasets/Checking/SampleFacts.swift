import Augmentation
import Images

/// What a check and statistics keep of a sample.
struct SampleFacts: Sendable {
  /// The picture's size; `nil` where it could not be read.
  var size: PixelSize?
  /// Tells the picture from others.
  var hash: ContentHash?
  /// The pixels of each label that occurs; of a picture with one class, that class with 1.
  var labels: [(label: Int, count: Int)] = []
  /// The distinct values of a mask with values, as they stand in the file.
  var values: [UInt16] = []
  /// The palette's colours of those values, if the file has a palette.
  var palette: [UInt16: Color] = [:]
  /// The distinct colours of a mask in colour, `mostColors + 1` of them at most.
  var colors: Set<UInt32> = []
  /// The sums of red, green and blue, 0…255.
  var sums: [UInt64] = [0, 0, 0]
  /// The sums of their squares.
  var squares: [UInt64] = [0, 0, 0]
  var problems: [DatasetError] = []

  /// More colours than this are no classes.
  static let mostColors = 256

  /// Facts without pixels.
  init(problems: [DatasetError]) { self.problems = problems }

  /// What a reading gave.
  init(_ reading: SampleReading) {
    problems = reading.problems
    if let image = reading.image { take(image) }
    if let mask = reading.mask {
      var counts = [Int](repeating: 0, count: 256)
      for label in mask.labels { counts[Int(label)] += 1 }
      labels = counts.indices.filter { counts[$0] > 0 }.map { ($0, counts[$0]) }
    } else if let label = reading.label {
      labels = [(label, 1)]
    }
    switch reading.stored {
    case .values(let stored):
      var seen = [Bool](repeating: false, count: 1 << 16)
      for value in stored.values { seen[Int(value)] = true }
      values = seen.indices.filter { seen[$0] }.map { UInt16($0) }
      guard let colors = stored.palette else { break }
      for value in values where Int(value) < colors.count { palette[value] = colors[Int(value)] }
    case .colors(let raster, _):
      var last: UInt32 = .max
      raster.forEachColor { color in
        guard color != last, colors.count <= Self.mostColors else { return }
        last = color
        colors.insert(color)
      }
    case nil: break
    }
  }

  private mutating func take(_ image: Raster) {
    guard case .eight(let samples) = image.samples else { return }
    size = PixelSize(width: image.width, height: image.height)
    hash = ContentHash(samples, width: image.width)
    // How often each value occurs tells both sums, exactly.
    var counts = [UInt64](repeating: 0, count: 3 * 256)
    samples.withUnsafeBufferPointer { samples in
      for pixel in 0..<image.width * image.height {
        for channel in 0..<3 { counts[channel * 256 + Int(samples[3 * pixel + channel])] += 1 }
      }
    }
    for channel in 0..<3 {
      for value in 0..<256 {
        let count = counts[channel * 256 + value]
        sums[channel] += count * UInt64(value)
        squares[channel] += count * UInt64(value * value)
      }
    }
  }
}

/// 128 bits that tell contents apart; not for contents that someone made to be mistaken.
struct ContentHash: Hashable, Sendable {
  private let first: UInt64
  private let second: UInt64

  init(_ bytes: [UInt8], width: Int) {
    // Two sums of words, each multiplied by an odd constant and turned.
    var (first, second) = (UInt64(bytes.count), UInt64(width) &+ 0x9E37_79B9_7F4A_7C15)
    func mix(_ word: UInt64) {
      first = (first ^ word) &* 0xFF51_AFD7_ED55_8CCD
      first ^= first >> 32
      second = (second &+ word) &* 0xC4CE_B9FE_1A85_EC53
      second ^= second >> 29
    }
    bytes.withUnsafeBytes { raw in
      let whole = raw.count / 8
      for index in 0..<whole { mix(raw.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self)) }
      for index in 8 * whole..<raw.count { mix(UInt64(raw[index])) }
    }
    (self.first, self.second) = (first, second)
  }
}
