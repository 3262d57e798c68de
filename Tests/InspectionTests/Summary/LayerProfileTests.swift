import Graphs
import Inspection
import Layers
import TensorCore
import Testing

@Suite struct LayerProfileTests {
  private func time(
    _ name: String, _ direction: Direction, _ algorithms: [String], macs: Int, products: Int, ms: Int
  ) -> LayerTime {
    LayerTime(
      name: name, label: macs > 0 ? "conv2d" : "max_pool2d", direction: direction, algorithms: algorithms,
      macs: macs, products: products, duration: .milliseconds(ms))
  }

  private var profile: LayerProfile {
    LayerProfile(
      [
        time("a", .forward, ["winograd4"], macs: 4_000_000, products: 1_000_000, ms: 10),
        time("b", .forward, [], macs: 0, products: 0, ms: 5),
        time("a", .backward, ["winograd4", "patches"], macs: 8_000_000, products: 5_000_000, ms: 25),
      ], peak: 1e9)
  }

  @Test func speedsAndShares() {
    #expect(profile.peakGflops == 2)
    #expect(profile.layers.map(\.name) == ["a", "b", "a"])
    #expect(profile.layers.map(\.direction) == ["forward", "forward", "backward"])
    #expect(profile.layers.map(\.algorithm) == ["winograd4", "", "winograd4+patches"])
    let expected = [(10, 0.8, 0.1), (5, 0, 0), (25, 0.64, 0.2)]
    for (layer, (ms, gflops, share)) in zip(profile.layers, expected) {
      #expect(abs(layer.ms - Double(ms)) < 1e-9)
      #expect(abs(layer.gflops - gflops) < 1e-9)
      #expect(abs(layer.peakShare - share) < 1e-9)
    }
    // 6,000,000 products take 6 ms at the peak; the layers that have any took 35.
    #expect(abs(profile.peakShare - 6.0 / 35) < 1e-9)
  }

  @Test func table() {
    #expect(
      profile.table == """
        layer  operator    direction  algorithm             ms  of all  GFLOP/s  of peak
        ────────────────────────────────────────────────────────────────────────────────
        a      conv2d      backward   winograd4+patches  25.00  62.5 %        1   20.0 %
        a      conv2d      forward    winograd4          10.00  25.0 %        1   10.0 %
        b      max_pool2d  forward                        5.00  12.5 %                  
        ────────────────────────────────────────────────────────────────────────────────
        40.0 ms in all; matrix products run at 17.1 % of the peak of 2 GFLOP/s
        """)
  }

  @Test func nothingMeasured() {
    let empty = LayerProfile([], peak: 1e9)
    #expect(empty.peakShare == 0 && empty.layers.isEmpty)
  }
}
