import Graphs
import Layers

/// Where the time of a run goes: each layer with its algorithm, its speed, and its share of what the cores can do.
public struct LayerProfile: Sendable, Codable, Equatable {
  /// One layer in one direction.
  public struct Layer: Sendable, Codable, Equatable {
    /// Its dotted name.
    public let name: String
    /// Its operator, such as `conv2d`.
    public let `operator`: String
    /// `forward` or `backward`.
    public let direction: String
    /// How it is computed; two algorithms, for input and weight, are joined by `+`.
    public let algorithm: String
    /// The median of its runs, in milliseconds.
    public let ms: Double
    /// Floating-point operations of the layer's definition, in 10⁹ a second: a clever algorithm exceeds the peak.
    public let gflops: Double
    /// Operations of the algorithm's matrix products, as a share `0…1` of the peak.
    public let peakShare: Double

    private enum CodingKeys: String, CodingKey {
      case name, `operator`, direction, algorithm, ms, gflops
      case peakShare = "peak_share"
    }
  }

  /// What all threads together can do, in 10⁹ floating-point operations a second.
  public let peakGflops: Double
  /// The layers in the order of their running.
  public let layers: [Layer]
  /// All layers' products at the peak, as a share of the time of the layers that have any.
  public let peakShare: Double

  private enum CodingKeys: String, CodingKey {
    case layers
    case peakGflops = "peak_gflops"
    case peakShare = "peak_share"
  }

  /// The profile of measured layers, where `peak` multiply-accumulates a second are possible.
  public init(_ times: [LayerTime], peak: Double) {
    func seconds(_ duration: Duration) -> Double {
      Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }
    layers = times.map { time in
      let taken = max(1e-9, seconds(time.duration))
      return Layer(
        name: time.name, operator: time.label, direction: "\(time.direction)",
        algorithm: time.algorithms.joined(separator: "+"), ms: taken * 1e3,
        gflops: 2e-9 * Double(time.macs) / taken, peakShare: Double(time.products) / taken / peak)
    }
    peakGflops = 2e-9 * peak
    let linear = times.filter { $0.products > 0 }
    let taken = linear.reduce(0) { $0 + seconds($1.duration) }
    peakShare = taken > 0 ? Double(linear.reduce(0) { $0 + $1.products }) / taken / peak : 0
  }

  /// A table for people, the slowest layer first.
  public var table: String {
    let total = max(1e-9, layers.reduce(0) { $0 + $1.ms })
    let table = TextTable(
      head: ["layer", "operator", "direction", "algorithm", "ms", "of all", "GFLOP/s", "of peak"], leading: 4,
      rows: layers.sorted { $0.ms > $1.ms }.map { layer in
        let computes = layer.gflops > 0
        return [
          layer.name, layer.operator, layer.direction, layer.algorithm, Self.text(layer.ms, digits: 2),
          Self.percent(layer.ms / total), computes ? Self.text(layer.gflops, digits: 0) : "",
          computes ? Self.percent(layer.peakShare) : "",
        ]
      })
    let totals =
      "\(Self.text(total, digits: 1)) ms in all; matrix products run at \(Self.percent(peakShare)) of the peak of "
      + "\(Self.text(peakGflops, digits: 0)) GFLOP/s"
    return (table.lines + [table.rule, totals]).joined(separator: "\n")
  }

  private static func percent(_ share: Double) -> String { text(share * 100, digits: 1) + " %" }

  private static func text(_ value: Double, digits: Int) -> String {
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let whole = Int((value * scale).rounded())
    guard digits > 0 else { return String(whole) }
    let fraction = String(whole % Int(scale))
    return "\(whole / Int(scale))." + String(repeating: "0", count: digits - fraction.count) + fraction
  }
}
