import Graphs
import Images
import Layers
import TensorCore

/// An input that raises a channel.
public struct MaximizedInput: Sendable {
  /// The channel's index in its layer.
  public let channel: Int
  /// The input as a picture.
  public let picture: Raster
  /// The mean over the picture of what is positive of the channel.
  public let activation: Double
  /// The same for noise, the mean over several pictures of it.
  public let noise: Double

  /// How many times as strong the channel is as on noise; infinite where noise does not raise it at all.
  public var ratio: Double { noise > 0 ? activation / noise : activation > 0 ? .infinity : 0 }
}

extension InspectedNetwork {
  /// Pictures of noise with which an activation is compared.
  private static let noisePictures = 8

  /// Inputs that raise channels of a layer the most that ascent along the gradient finds (Erhan et al. 2009,
  /// "Visualizing higher-layer features of a deep network"), with jitter, blur, decay and growing sizes, which keep it
  /// from noise that no picture has (Yosinski et al. 2015, arXiv:1506.06579; Mordvintsev et al. 2015, "Inceptionism").
  ///
  /// What is raised is the mean of the channel over the picture; of a ReLU that of its input, because a silent ReLU has
  /// no gradient. The same seed gives the same picture.
  ///
  /// - Parameters:
  ///   - layer: the layer's index.
  ///   - channels: indices of its channels.
  ///   - progress: called with the steps done and all.
  /// - Throws: `InspectionError.channel` for a channel that the layer has not, `.setting` for a setting out of its range.
  public func maximized(
    layer: Int, channels: [Int], settings: MaximizationSettings = MaximizationSettings(),
    pool: ThreadPool, progress: (Int, Int) -> Void = { _, _ in }
  ) throws(InspectionError) -> [MaximizedInput] {
    try settings.check()
    guard self.channels == 3 || self.channels == 1 else {
      throw .inputChannels(model: name, found: self.channels)
    }
    let node = graph.nodes[layer]
    let count = try shapes(for: nominal)[layer].channels
    for channel in channels where !(0..<count).contains(channel) {
      throw .channel(layer: node.name, channels: count, found: channel)
    }
    let isRectifier = (node.operation as? ActivationLayer)?.activation == .relu
    let raised = isRectifier ? node.inputs.first?.node ?? layer : layer
    guard let image = graph.inputs.first, image != raised else {
      throw .noMap(layer: node.name, height: 0, width: 0)
    }
    var runs: [(shape: Shape, run: GradientRun)] = []
    for shape in inputShapes(for: raised, settings) {
      runs.append((shape, try GradientRun(self, input: shape, layer: raised, taps: [image], pool: pool)))
    }
    guard let last = runs.last else { return [] }
    let noise = try noiseActivations(last.run, last.shape, settings)
    var found: [MaximizedInput] = []
    let steps = channels.count * runs.count * settings.steps
    for (place, channel) in channels.enumerated() {
      var ascent = Ascent(
        shape: runs[0].shape, settings: settings, channel: channel, range: pixelRange)
      for (number, (shape, run)) in runs.enumerated() {
        ascent.grow(to: shape)
        for step in 0..<settings.steps {
          progress((place * runs.count + number) * settings.steps + step, steps)
          let (input, shift) = ascent.jittered()
          let output = try run.forward(input)
          try run.backward(weights: Self.mean(ofChannel: channel, output.shape))
          let isEnd = number + 1 == runs.count && step + 8 >= settings.steps
          ascent.step(along: run.gradient(ofTap: 0), shift: shift, blurs: step % 4 == 3 && !isEnd)
        }
      }
      let output = try last.run.forward(ascent.input)
      let activation = Self.strength(output, channel)
      guard activation.isFinite else { throw .notFinite(model: name, layer: node.name) }
      found.append(
        MaximizedInput(
          channel: channel, picture: picture(of: ascent.input), activation: activation,
          noise: noise[channel]))
    }
    return found
  }

  /// The sizes of the ascent; a network whose layers belong to one size has that alone.
  private func inputShapes(for layer: Int, _ settings: MaximizationSettings) -> [Shape] {
    let isFixed = graph.nodes.indices.contains {
      graph.nodes[$0].operation is Dense && self.layer(layer, dependsOn: $0)
    }
    return isFixed ? [nominal.with(batch: 1)] : settings.sides.map { nominal.with(batch: 1).with(height: $0, width: $0) }
  }

  /// The mean strength of every channel over some pictures of noise.
  private func noiseActivations(
    _ run: GradientRun, _ shape: Shape, _ settings: MaximizationSettings
  ) throws(InspectionError) -> [Double] {
    var sums: [Double] = []
    for number in 0..<Self.noisePictures {
      let noise = Ascent(
        shape: shape, settings: settings, channel: -1 - number, range: pixelRange)
      let output = try run.forward(noise.input)
      if sums.isEmpty { sums = [Double](repeating: 0, count: output.shape.channels) }
      for channel in sums.indices { sums[channel] += Self.strength(output, channel) }
    }
    return sums.map { $0 / Double(Self.noisePictures) }
  }

  /// The mean of what is positive of a channel.
  private static func strength(_ activation: Tensor, _ channel: Int) -> Double {
    let channels = activation.shape.channels
    let sum = activation.withUnsafeElements { elements in
      stride(from: channel, to: elements.count, by: channels).reduce(0.0) { $0 + Double(max(0, elements[$1])) }
    }
    return sum / Double(max(1, activation.shape.pixels))
  }

  private static func mean(ofChannel channel: Int, _ shape: Shape) -> Tensor {
    var weights = Tensor(zeros: shape)
    weights.withUnsafeMutableElements { elements in
      let share = 1 / Float(shape.pixels)
      for place in stride(from: channel, to: elements.count, by: shape.channels) { elements[place] = share }
    }
    return weights
  }

  /// The values of black and white in each input channel.
  private var pixelRange: [ClosedRange<Float>] {
    (0..<channels).map { channel in
      let (mean, deviation) = normalization(ofChannel: channel)
      return -mean / deviation...(1 - mean) / deviation
    }
  }

  /// A normalised input as a picture.
  private func picture(of input: Tensor) -> Raster {
    let samples = input.withUnsafeElements { elements in
      elements.indices.map { index -> UInt8 in
        let (mean, deviation) = normalization(ofChannel: index % channels)
        return UInt8(max(0, min(255, ((elements[index] * deviation + mean) * 255).rounded())))
      }
    }
    return Raster(
      width: input.shape.width, height: input.shape.height, channels: channels, samples: .eight(samples))
  }
}
