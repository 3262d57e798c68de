import ArgumentParser
import Foundation
import Graphs
import Inspection
import Layers
import Segmentation
import TensorCore
import Training

/// `segment benchmark MODEL --size HxW`, `segment benchmark augment`
struct Benchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Times a network with random weights, for inference or for training, or the steps of augmentation.",
    discussion: """
      'segment benchmark augment' prints the images per second of every step that a recipe can name, on one thread.
      """)

  @Argument(help: ArgumentHelp("The architecture, or 'augment'.", valueName: "model"))
  var model: String

  @Option(help: "The input's size in pixels, HEIGHTxWIDTH; of 'augment' 368x480 unless told.")
  var size: ImageSize?

  @Option(help: "Images at a time.")
  var batch = 1

  @Option(help: "Classes.")
  var classes: Int?

  @Option(name: .customLong("set"), help: "An argument of the architecture, key=value; may be repeated.")
  var settings: [String] = []

  @Flag(help: "Time a training step: forward, backward and an update by SGD with momentum.")
  var train = false

  @Option(help: "Timed runs, after half a second of others.")
  var repeats = 10

  @Flag(help: "Also show where the time goes, layer by layer.")
  var perLayer = false

  @Flag(help: "Print one JSON value.")
  var json = false

  @OptionGroup var threadOptions: ThreadOptions

  func validate() throws {
    try ModelOptions.validate(settings)
    if size == nil && !isAugmentation { throw ValidationError("Missing expected argument '--size <size>'") }
    if !(1...1024).contains(batch) { throw ValidationError("--batch: expected 1…1024, found \(batch)") }
    if !(1...100_000).contains(repeats) {
      throw ValidationError("--repeats: expected 1…100000, found \(repeats)")
    }
  }

  private var isAugmentation: Bool { model == "augment" }

  func run() throws {
    let size = size ?? ImageSize(height: 368, width: 480)
    if isAugmentation {
      let report = try AugmentationBenchmark.run(size)
      return try json ? Console.json(report) : Console.result(report.text)
    }
    try run(at: size)
  }

  private func run(at size: ImageSize) throws {
    var arguments = ModelOptions.pairs(settings)
    if let classes { arguments["classes"] = String(classes) }
    let graph = try NetworkRegistry.graph(model, arguments: arguments)
    let pool = threadOptions.pool()
    let shape = Shape(
      batch: batch, height: size.height, width: size.width,
      channels: try NetworkRegistry.architecture(model).nominal.channels)
    let (plan, step) = train ? try trainingStep(graph, shape, pool) : try inference(graph, shape, pool)
    var times: [Double] = []
    let clock = ContinuousClock()
    let start = clock.now
    var index = 0
    while index <= repeats {
      Console.progress("\(index)/\(repeats)")
      // A plan reuses the memory of its input once it is read.
      Self.fill(try plan.input("input"))
      if train { Self.clear(try plan.input(Graph.labelsInput)) }
      let duration = clock.measure(step)
      let (seconds, attoseconds) = duration.components
      // Caches, pages and the clock of the processor settle first.
      if index == 0 && clock.now - start < .milliseconds(500) { continue }
      if index == 0 && perLayer { plan.clock = LayerClock() }
      if index > 0 { times.append(Double(seconds) * 1e3 + Double(attoseconds) * 1e-15) }
      index += 1
    }
    Console.endProgress()
    times.sort()
    let median = (times[(times.count - 1) / 2] + times[times.count / 2]) / 2
    let report = BenchmarkReport(
      model: model, size: size.description, batch: batch, mode: train ? "train" : "inference",
      threads: pool.threads, medianMs: median, minMs: times[0], peakRssMiB: Self.peakMemory,
      profile: perLayer ? LayerProfile(plan.layerTimes, peak: PeakSpeed.measure(pool)) : nil)
    try json ? Console.json(report) : Console.result(report.text)
  }

  private func inference(
    _ graph: Graph, _ shape: Shape, _ pool: ThreadPool
  ) throws -> (Plan, () -> Void) {
    let network = try InferenceModel(
      graph, parameters: try graph.initialParameters(seed: 0), pool: pool)
    let plan = try network.plan(for: shape)
    return (plan, { plan.forward() })
  }

  private func trainingStep(
    _ graph: Graph, _ shape: Shape, _ pool: ThreadPool
  ) throws -> (Plan, () -> Void) {
    let network = try graph.withLoss(SoftmaxCrossEntropy()).fusingActivations(for: .training)
      .fusingSums(for: .training)
    let store = try ParameterStore(network, try graph.initialParameters(seed: 0))
    // A label for each pixel or for each image, as the logits are.
    let logits = try graph.inferShapes(["input": shape])[graph.outputs[0]]
    let plan = try Plan(
      network, inputs: ["input": shape, Graph.labelsInput: logits.with(channels: 1)], mode: .training,
      parameters: store, pool: pool)
    var optimiser = SGD(momentum: 0.9, decay: 1e-4)
    let step = {
      plan.forward()
      plan.backward()
      // The rate is that of a real training, small enough that a long run stays finite.
      optimiser.step(plan.trained, rate: 1e-3, pool: pool)
      store.didChange(plan.trained)
    }
    return (plan, step)
  }

  private static func fill(_ view: TensorView) {
    var random = RandomStream(seed: 1)
    for index in 0..<view.shape.count { view.pointer[index] = random.normal() }
  }

  /// Labels of the first class.
  private static func clear(_ view: TensorView) {
    for pixel in 0..<view.pixels { view.pixel(pixel).update(repeating: 0, count: view.channels) }
  }

  /// The most memory that this process has held, in MiB.
  private static var peakMemory: Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Double(usage.ru_maxrss) / 1024
  }
}

/// What `benchmark` prints.
struct BenchmarkReport: Encodable {
  let model: String
  let size: String
  let batch: Int
  let mode: String
  let threads: Int
  let medianMs: Double
  let minMs: Double
  let peakRssMiB: Double
  /// Where the time goes; left out unless asked for.
  let profile: LayerProfile?

  enum CodingKeys: String, CodingKey {
    case model, size, batch, mode, threads, profile
    case medianMs = "median_ms"
    case minMs = "min_ms"
    case peakRssMiB = "peak_rss_mib"
  }

  var text: String { ([profile?.table].compactMap { $0 } + [line]).joined(separator: "\n") }

  private var line: String {
    "\(model) \(size), batch \(batch), \(mode), \(threads) threads: median \(decimals(medianMs, 1)) ms, "
      + "minimum \(decimals(minMs, 1)) ms, peak memory \(decimals(peakRssMiB, 0)) MiB"
  }
}
