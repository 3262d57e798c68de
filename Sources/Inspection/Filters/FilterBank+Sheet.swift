import Images
import TensorCore

/// Which filters of a layer are drawn.
public struct FilterChoice: Sendable, Equatable {
  /// How many output and input channels are drawn where nobody names them, at most.
  public static let usual = 64
  /// How many are drawn at most.
  public static let most = 256

  /// The channels of the output; the first if `nil`.
  public let outputs: ClosedRange<Int>?
  /// The channels of the input; the first if `nil`. Where they are named, also what reads colour is drawn channel by
  /// channel.
  public let inputs: ClosedRange<Int>?

  /// Some filters of a layer, the first if `nil`.
  public init(outputs: ClosedRange<Int>? = nil, inputs: ClosedRange<Int>? = nil) {
    (self.outputs, self.inputs) = (outputs, inputs)
  }

  /// Channels as the command line has them, `64-127` or `5`; `nil` for anything else.
  public static func range(_ text: String) -> ClosedRange<Int>? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard (1...2).contains(parts.count), let first = parts[0], let last = parts[parts.count - 1], first >= 0,
      last >= first, last - first < most
    else { return nil }
    return first...last
  }
}

extension FilterBank {
  private static let paper = Color(red: 255, green: 255, blue: 255)
  private static let ink = Color(red: 32, green: 32, blue: 32)
  private static let frame = Color(red: 128, green: 128, blue: 128)

  /// Some of the filters.
  ///
  /// - Throws: `InspectionError.channel` for channels that the layer has not.
  public func shown(_ choice: FilterChoice) throws(InspectionError) -> (
    outputs: ClosedRange<Int>, inputs: ClosedRange<Int>
  ) {
    func range(_ chosen: ClosedRange<Int>?, of channels: Int) throws(InspectionError) -> ClosedRange<Int> {
      guard let chosen else { return 0...max(0, min(channels, FilterChoice.usual) - 1) }
      guard chosen.upperBound < channels else {
        throw .channel(layer: layer, channels: channels, found: chosen.upperBound)
      }
      return chosen
    }
    return (try range(choice.outputs, of: outputs), try range(choice.inputs, of: inputs))
  }

  /// The filters as a sheet: those that read colour in colour, others channel by channel, an output in each row and an
  /// input in each column.
  ///
  /// All have one scale, so that they can be compared: the largest weight of the layer.
  ///
  /// - Parameters:
  ///   - model: what the title calls the network.
  ///   - called: what the title calls the layer; its name if `nil`.
  /// - Throws: `InspectionError.channel` for channels that the layer has not.
  public func sheet(
    model: String, called: String? = nil, _ choice: FilterChoice = FilterChoice()
  ) throws(InspectionError) -> PictureSheet {
    let (outputs, inputs) = try shown(choice)
    let title = "\(model): filters of \(called ?? layer)"
    let size = "\(self.outputs) filters of \(self.inputs) × \(height)×\(width)"
    if readsColor && choice.inputs == nil {
      let factor = max(1, min(16, 96 / max(1, max(height, width))))
      let tiles = outputs.map { PictureSheet.Tile("\($0)", color($0).magnified(by: factor)) }
      return PictureSheet(
        title: title,
        notes: [
          size + (outputs.count < self.outputs ? ", shown are \(Self.text(outputs))" : ""),
          "gray is 0; black and full colour are ±\(NumberText.short(Double(largest)))",
        ], sections: [PictureSheet.Section("", tiles)])
    }
    let scale = ColorScale.balanced(largest, meaning: "weight")
    var notes = [size, "a row for each channel of the output, a column for each of the input"]
    if outputs.count < self.outputs || inputs.count < self.inputs {
      notes.append("shown are outputs \(Self.text(outputs)) and inputs \(Self.text(inputs))")
    }
    let tile = PictureSheet.Tile("", matrix(outputs, inputs, scale))
    return PictureSheet(
      title: title, notes: notes, sections: [PictureSheet.Section("", [tile], scale: scale, columns: 1)])
  }

  private static func text(_ range: ClosedRange<Int>) -> String { "\(range.lowerBound)…\(range.upperBound)" }

  /// A filter of three inputs as red, green and blue.
  private func color(_ output: Int) -> Raster {
    var rgb: [UInt8] = []
    for row in 0..<height {
      for column in 0..<width {
        for input in 0..<3 {
          let share = largest > 0 ? weight(output, input, row, column) / largest : 0
          rgb.append(UInt8((127.5 + 127.5 * share).rounded()))
        }
      }
    }
    return Raster(width: width, height: height, channels: 3, samples: .eight(rgb))
  }

  /// Filters on one picture, a pixel between them, with the indices of rows and columns at the left and above.
  private func matrix(_ outputs: ClosedRange<Int>, _ inputs: ClosedRange<Int>, _ scale: ColorScale) -> Raster
  {
    let factor = max(
      1, min(24, 1200 / inputs.count / max(1, width) - 1, 2400 / outputs.count / max(1, height)))
    let (across, down) = (width * factor + 1, height * factor + 1)
    let text = PictureCanvas.textSize("\(max(outputs.upperBound, inputs.upperBound))".count, scale: 2)
    let (left, top) = (text.width + 6, text.height + 8)
    var canvas = PictureCanvas(
      width: left + max(inputs.count * across - 1, text.width),
      height: top + max(outputs.count * down - 1, text.height),
      background: Self.paper)
    canvas.fill(
      x: left, y: top, width: inputs.count * across - 1, height: outputs.count * down - 1, Self.frame)
    for (row, output) in outputs.enumerated() {
      for (column, input) in inputs.enumerated() {
        canvas.draw(
          map(output, input).picture(scale).magnified(by: factor), x: left + column * across,
          y: top + row * down)
      }
    }
    // As many indices as have room.
    let (columnStep, rowStep) = (Self.step(across, text.width + 8), Self.step(down, text.height + 4))
    for (column, input) in inputs.enumerated() where column % columnStep == 0 {
      canvas.write("\(input)", x: left + column * across, y: 2, scale: 2, Self.ink)
    }
    for (row, output) in outputs.enumerated() where row % rowStep == 0 {
      let y = top + row * down + max(0, (min(down, 3 * text.height) - text.height) / 2)
      canvas.write("\(output)", x: 0, y: y, scale: 2, Self.ink)
    }
    return canvas.picture
  }

  /// From an index that is written to the next: 1, 2 or 4 and so on.
  private static func step(_ pitch: Int, _ text: Int) -> Int {
    var step = 1
    while step * pitch < text { step *= 2 }
    return step
  }
}
