import Augmentation
import Images

extension LabelRules {
  /// Maps what a mask file holds to label indices; `table` is the rules' own.
  ///
  /// - Parameters:
  ///   - name: what messages about labels call the mask.
  ///   - path: what messages about pictures call it.
  ///   - file: the description.
  /// - Throws: `DatasetError` that lists all values or colours which mean nothing, with their pixels.
  func mask(
    _ stored: MaskFile, table: [UInt16], name: String, path: String, file: String
  ) throws(DatasetError) -> Mask {
    switch stored {
    case .values(let labels): return try mask(labels, table: table, name: name, file: file)
    case .colors(let raster, let found):
      guard !colors.isEmpty else { throw .image(.colorMask(name: path, found: found)) }
      return try mask(raster, name: name, file: file)
    }
  }

  private func mask(
    _ labels: LabelImage, table: [UInt16], name: String, file: String
  ) throws(DatasetError) -> Mask {
    var legal = true
    let count = labels.values.count
    let mapped = [UInt8](unsafeUninitializedCapacity: count) { target, filled in
      for index in 0..<count {
        let label = table[Int(labels.values[index])]
        legal = legal && label != Self.illegal
        target[index] = UInt8(truncatingIfNeeded: label)
      }
      filled = count
    }
    // What is illegal is looked for only when there is something.
    if !legal {
      var found: [UInt16: Int] = [:]
      for value in labels.values where table[Int(value)] == Self.illegal { found[value, default: 0] += 1 }
      let counts = found.sorted { $0.key < $1.key }.map { LabelCount(value: "\($0.key)", pixels: $0.value) }
      throw .labels(mask: name, expected: expected, found: counts, file: file)
    }
    return Mask(width: labels.width, height: labels.height, labels: mapped)
  }

  private func mask(_ raster: Raster, name: String, file: String) throws(DatasetError) -> Mask {
    var mapped: [UInt8] = []
    mapped.reserveCapacity(raster.width * raster.height)
    var found: [UInt32: Int] = [:]
    // Neighbours are mostly alike.
    var (last, label): (UInt32, UInt8?) = (.max, nil)
    raster.forEachColor { color in
      if color != last {
        last = color
        label = colors[Color(packed: color)].map(Self.label)
      }
      if label == nil { found[color, default: 0] += 1 }
      mapped.append(label ?? Sample.ignoredLabel)
    }
    if !found.isEmpty {
      let counts = found.sorted { $0.key < $1.key }.map {
        LabelCount(value: Color(packed: $0.key).key, pixels: $0.value)
      }
      let known = colors.keys.map(\.key).sorted().joined(separator: ", ")
      throw .labels(mask: name, expected: known, found: counts, file: file)
    }
    return Mask(width: raster.width, height: raster.height, labels: mapped)
  }

  private static func label(_ meaning: Meaning) -> UInt8 {
    switch meaning {
    case .ignored: Sample.ignoredLabel
    case .label(let label): label
    }
  }
}

/// A value or a colour of a mask, and how often it occurs.
public struct LabelCount: Sendable, Equatable {
  /// As it stands under `labels:`, `12` or `#800000`.
  public let value: String
  /// The pixels that have it.
  public let pixels: Int

  /// A value that so many pixels have.
  public init(value: String, pixels: Int) { (self.value, self.pixels) = (value, pixels) }
}

extension Color {
  /// The colour 0xRRGGBB.
  init(packed: UInt32) {
    self.init(
      red: UInt8(truncatingIfNeeded: packed >> 16), green: UInt8(truncatingIfNeeded: packed >> 8),
      blue: UInt8(truncatingIfNeeded: packed))
  }

  /// 0xRRGGBB.
  var packed: UInt32 { UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue) }

  /// As it stands under `labels:`, `#800000`.
  var key: String {
    let digits = String(packed, radix: 16)
    return "#" + String(repeating: "0", count: 6 - digits.count) + digits
  }

  /// The colour of a text such as `#800000`.
  init?(key: String) {
    guard key.utf8.count == 7, key.hasPrefix("#"), let value = UInt32(key.dropFirst(), radix: 16) else {
      return nil
    }
    self.init(packed: value)
  }
}

extension Mask {
  /// Gives the label to every pixel that is not 0 in a file of the same size.
  mutating func paint(_ stored: MaskFile, _ label: UInt8) {
    switch stored {
    case .values(let values):
      for pixel in labels.indices where values.values[pixel] != 0 { labels[pixel] = label }
    case .colors(let raster, _):
      var pixel = 0
      raster.forEachColor { color in
        if color != 0 { labels[pixel] = label }
        pixel += 1
      }
    }
  }
}
