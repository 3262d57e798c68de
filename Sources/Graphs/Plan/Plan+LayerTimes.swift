import Layers

extension Plan {
  /// What each layer took since `clock` was set, in the order of their running.
  public var layerTimes: [LayerTime] {
    guard let clock else { return [] }
    let forward = graph.nodes.indices.compactMap { time(of: $0, .forward, clock) }
    return forward + graph.nodes.indices.reversed().compactMap { time(of: $0, .backward, clock) }
  }

  private func time(of index: Int, _ direction: Direction, _ clock: LayerClock) -> LayerTime? {
    guard let duration = clock.median(index, direction),
      let step = steps.first(where: { $0.node == index })
    else { return nil }
    let inputs = graph.nodes[index].inputs.map { shapes[$0] }
    let macs = step.operation.macs(for: inputs)
    let algorithm = direction == .forward ? step.algorithm : step.backward?.algorithm
    var work = algorithm.map { [(name: $0.name, products: $0.products)] } ?? []
    if direction == .backward, let gradient = step.backward?.weightGradient,
      trained.contains(where: { $0.name == step.weight })
    {
      work.append((gradient.name, gradient.products))
    }
    return LayerTime(
      name: graph.nodes[index].name, label: step.operation.label, direction: direction,
      algorithms: work.map(\.name), macs: macs * (direction == .forward ? 1 : work.count),
      products: work.reduce(0) { $0 + $1.products }, duration: duration)
  }
}
