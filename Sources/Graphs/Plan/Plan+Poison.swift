import TensorCore

extension Plan {
  /// Fills everything but the given value blocks with NaN.
  func poison(except blocks: Set<Int>) {
    for (request, index) in zip(blueprint.requests, blueprint.requests.indices)
    where !blocks.contains(where: { blueprint.valueRequests[$0] == index }) {
      let overlapsKept = blocks.contains { block in
        let kept = blueprint.valueRequests[block]
        return rangesOverlap(index, kept)
      }
      if !overlapsKept {
        (arena.pointer + blueprint.layout.offsets[index]).update(repeating: .nan, count: request.count)
      }
    }
  }

  private func rangesOverlap(_ first: Int, _ second: Int) -> Bool {
    let (a, b) = (blueprint.layout.offsets[first], blueprint.layout.offsets[second])
    return a < b + blueprint.requests[second].count && b < a + blueprint.requests[first].count
  }

  /// Fills what was last used at `moment` with NaN.
  func poisonFree(at moment: Int) {
    for (index, request) in blueprint.requests.enumerated() where request.lifetime.upperBound == moment {
      (arena.pointer + blueprint.layout.offsets[index]).update(repeating: .nan, count: request.count)
    }
  }
}
