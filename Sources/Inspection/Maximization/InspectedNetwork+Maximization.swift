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
  /// What is positive of the channel on that picture.
  public let strength: ChannelStrength
  /// The same on noise, the mean over several pictures of it.
  public let noise: ChannelStrength

  /// How many times as much the mean element gives as on noise; infinite where noise does not raise the channel at all,
  /// 0 where nothing does.
  public var ratio: Double {
    noise.mean > 0 ? strength.mean / noise.mean : strength.mean > 0 ? .infinity : 0
  }
  /// Whether noise does not raise the channel at all, so that there is nothing to compare with.
  public var isDeadOnNoise: Bool { noise.mean <= 0 }
}

/// What is positive of a channel of an activation.
public struct ChannelStrength: Sendable, Equatable {
  /// The mean over all elements.
  public let mean: Double
  /// The largest element.
  public let peak: Double

  /// The strength of a channel.
  init(_ activation: Tensor, channel: Int) {
    let channels = activation.shape.channels
    var (sum, largest) = (0.0, Float(0))
    activation.withUnsafeElements { elements in
      for place in stride(from: channel, to: elements.count, by: channels) {
        sum += Double(max(0, elements[place]))
        largest = max(largest, elements[place])
      }
    }
    (mean, peak) = (sum / Double(max(1, activation.shape.pixels)), Double(largest))
  }

  /// The mean of several.
  init(meanOf strengths: [ChannelStrength]) {
    let count = Double(max(1, strengths.count))
    mean = strengths.reduce(0) { $0 + $1.mean } / count
    peak = strengths.reduce(0) { $0 + $1.peak } / count
  }
}

extension InspectedNetwork {
  /// Pictures of noise with which an activation is compared.
  private static let noisePictures = 8

  /// Inputs that raise channels of a layer the most that ascent along the gradient finds (Erhan et al. 2009,
  /// "Visualizing higher-layer features of a deep network"), with jitter, blur, decay and growing sizes, which keep it
  /// from noise that no picture has (Yosinski et al. 2015, arXiv:1506.06579; Mordvintsev et al. 2015, "Inceptionism").
  ///
  /// What is raised is the mean of what is positive of the channel; of a ReLU that of its input, because a silent ReLU has
  /// no gradient. The same seed gives the same picture.
  ///
  /// - Parameters:
  ///   - layer: the layer's index.
  ///   - channels: indices of its channels.
  ///   - progress: called with the steps done and all.
  /// - Throws: `InspectionError.channel` for a channel that the layer has not, `.setting` for a setting out of its range.
  public func maximized(
    layer: Int, channels: [Int], settings: MaximizationSettings = MaximizationSettings(),
    pool: ThreadPool, budget: MemoryBudget = .standard, progress: (Int, Int) -> Void = { _, _ in }
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
    var ascents: [Ascent] = []
    var found: [MaximizedInput] = []
    let sizes = inputShapes(for: raised, settings)
    let steps = channels.count * sizes.count * settings.steps
    // One size after the other, so that the memory of one run is taken at a time.
    for (number, shape) in sizes.enumerated() {
      let run = try GradientRun(self, input: shape, layer: raised, taps: [image], pool: pool, budget: budget)
      let isLast = number + 1 == sizes.count
      let noise = isLast ? try noiseActivations(run, shape, settings) : []
      for (place, channel) in channels.enumerated() {
        if number == 0 {
          ascents.append(Ascent(shape: shape, settings: settings, channel: channel, range: pixelRange))
        }
        ascents[place].grow(to: shape)
        for step in 0..<settings.steps {
          progress((number * channels.count + place) * settings.steps + step, steps)
          // The end is for the details, in their place.
          try raise(channel, by: run, &ascents[place], isEnd: isLast && 3 * step >= 2 * settings.steps, step)
        }
        guard isLast else { continue }
        ascents[place].keep(
          worth: ChannelStrength(try run.forward(ascents[place].input), channel: channel).mean)
        ascents[place].takeBest()
        let strength = ChannelStrength(try run.forward(ascents[place].input), channel: channel)
        guard strength.mean.isFinite else { throw .notFinite(model: name, layer: node.name) }
        found.append(
          MaximizedInput(
            channel: channel, picture: picture(of: ascents[place].input), strength: strength,
            noise: noise[channel]))
      }
    }
    return found
  }

  /// One step up.
  private func raise(
    _ channel: Int, by run: GradientRun, _ ascent: inout Ascent, isEnd: Bool, _ step: Int
  ) throws(InspectionError) {
    let (input, shift) = isEnd ? (ascent.input, (0, 0)) : ascent.jittered()
    let output = try run.forward(input)
    if isEnd { ascent.keep(worth: ChannelStrength(output, channel: channel).mean) }
    try run.backward(weights: Self.weights(ofChannel: channel, output))
    ascent.step(along: run.gradient(ofTap: 0), shift: shift, isEnd: isEnd, blurs: step % 4 == 3 && !isEnd)
  }

  /// The sizes of the ascent; a network whose layers belong to one size has that alone.
  private func inputShapes(for layer: Int, _ settings: MaximizationSettings) -> [Shape] {
    let isFixed = graph.nodes.indices.contains {
      graph.nodes[$0].operation is Dense && self.layer(layer, dependsOn: $0)
    }
    return isFixed
      ? [nominal.with(batch: 1)] : settings.sides.map { nominal.with(batch: 1).with(height: $0, width: $0) }
  }

  /// The strength of every channel on some pictures of noise.
  private func noiseActivations(
    _ run: GradientRun, _ shape: Shape, _ settings: MaximizationSettings
  ) throws(InspectionError) -> [ChannelStrength] {
    var strengths: [[ChannelStrength]] = []
    for number in 0..<Self.noisePictures {
      let noise = Ascent(shape: shape, settings: settings, channel: -1 - number, range: pixelRange)
      let output = try run.forward(noise.input)
      strengths.append((0..<output.shape.channels).map { ChannelStrength(output, channel: $0) })
    }
    return (strengths.first ?? []).indices.map { channel in
      ChannelStrength(meanOf: strengths.map { $0[channel] })
    }
  }

  /// How much each element counts in what is raised: the more the more there is of it, so that patterns grow where they
  /// have begun, but far less than in proportion, because the mean is to grow; and a little everywhere, so that a silent
  /// channel wakes up.
  private static func weights(ofChannel channel: Int, _ activation: Tensor) -> Tensor {
    let channels = activation.shape.channels
    var weights = Tensor(zeros: activation.shape)
    activation.withUnsafeElements { values in
      let places = stride(from: channel, to: values.count, by: channels)
      let largest = places.reduce(Float(0)) { max($0, values[$1]) }
      weights.withUnsafeMutableElements { elements in
        for place in places {
          elements[place] = largest > 0 ? (max(0, values[place]) / largest).squareRoot() + 0.05 : 1
        }
      }
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
