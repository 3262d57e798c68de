import TensorCore

extension ScenePainter {
  /// Paints a tree: a trunk, then a crown of leaf clusters with a ragged edge and gaps.
  func paintTree(at prop: StreetProp, height: Float, _ random: inout RandomStream) {
    guard isVisible(height, at: prop.z) else { return }
    let board = billboard(s: prop.s, z: prop.z)
    let bark = random.color(near: SIMD3(0.30, 0.25, 0.20), spread: 0.05)
    let leaves = random.color(
      near: random.choice([
        SIMD3(0.25, 0.36, 0.12), SIMD3(0.20, 0.30, 0.13), SIMD3(0.32, 0.37, 0.17),
        SIMD3(0.36, 0.31, 0.16), SIMD3(0.30, 0.26, 0.20),
      ]), spread: 0.05)
    let lean = random.between(-0.3, 0.3)
    let trunk = max(height * 0.022, 1.1 * board.pixel)
    let fork = height * random.between(0.32, 0.42)
    paint(board, limb: SIMD2(0, 0), SIMD2(lean * 0.5, fork), trunk * 1.4, trunk, .tree, bark)
    for side in [Float(-1), 0.2, 1] {
      let tip = SIMD2(lean + side * height * 0.16, height * 0.62)
      paint(board, limb: SIMD2(lean * 0.5, fork * 0.95), tip, trunk * 0.8, trunk * 0.5, .tree, bark)
    }
    var clusters: [SIMD3<Float>] = []
    let spread = height * random.between(0.26, 0.38)
    for _ in 0..<14 {
      let radius = height * random.between(0.11, 0.2)
      let u = random.between(-1, 1)
      let v = random.between(-1, 1)
      let shrink = 1 / max(1, (u * u + v * v).squareRoot())
      let x = lean + u * shrink * (spread - radius * 0.4)
      clusters.append(SIMD3(x, height * 0.68 + v * shrink * (height * 0.32 - radius * 0.8), radius))
    }
    let noise = ValueNoise(seed: UInt32(truncatingIfNeeded: random.next()))
    paintLeaves(board, clusters, leaves, noise, grain: random.between(0.9, 1.5))
  }

  /// Paints clusters, each (x, y, radius), of leaves; `grain` scales the raggedness.
  private func paintLeaves(
    _ board: SceneBillboard, _ clusters: [SIMD3<Float>], _ leaves: SIMD3<Float>, _ noise: ValueNoise,
    grain: Float
  ) {
    var low = SIMD2<Float>(repeating: .infinity)
    var high = -low
    for cluster in clusters {
      low = pointwiseMin(low, SIMD2(cluster.x - cluster.z * 1.3, cluster.y - cluster.z * 1.3))
      high = pointwiseMax(high, SIMD2(cluster.x + cluster.z * 1.3, cluster.y + cluster.z * 1.3))
    }
    let fine = 1 / (1 + board.pixel * 5)
    let sun = SIMD2(light.sun.x, light.sun.y)
    let dark = light.ambient * 0.62
    let bright = light.ambient + light.direct * 1.1
    clusters.withUnsafeBufferPointer { clusters in
      paint(board, from: low, to: high, .tree) { point in
        var best: Float = -1
        var offset = SIMD2<Float>.zero
        for cluster in clusters {
          let away = SIMD2(point.x - cluster.x, point.y - cluster.y) / cluster.z
          let inside = 1 - away.x * away.x - away.y * away.y
          if inside > best {
            best = inside
            offset = away
          }
        }
        guard best > -0.7 else { return nil }
        let clump = noise.fractal(point.x * 2.6, point.y * 2.6, octaves: 3)
        guard best + (clump - 0.5) * 2.2 * grain > 0.02 else { return nil }
        let leaf = noise.fractal(point.x * 8, point.y * 8, octaves: 3)
        let facing = unit(0.5 + 0.45 * (offset.x * sun.x + offset.y * sun.y) + 0.9 * (clump - 0.5))
        return leaves * mix(dark, bright, facing) * (1 + fine * 2 * (leaf - 0.5))
      }
    }
  }

  /// Paints a length of hedge along the street.
  func paintHedge(at prop: StreetProp, length: Float, height: Float, _ random: inout RandomStream) {
    guard isVisible(height, at: prop.z) else { return }
    let leaves = random.color(near: SIMD3(0.20, 0.30, 0.12), spread: 0.04)
    let noise = ValueNoise(seed: 0x48ED_6E01)
    let base = SIMD3(plan.x(s: prop.s, z: prop.z), 0, prop.z)
    let far = SIMD3(plan.x(s: prop.s, z: prop.z + length), 0, prop.z + length)
    let up = SIMD3<Float>(0, height, 0)
    let out = SIMD3<Float>(prop.s < 0 ? -0.7 : 0.7, 0, 0)
    let inside = (base + far + up + out) / 2
    let faces = [
      [base + up, far + up, far + up + out, base + up + out], [base, base + out, base + out + up, base + up],
      [base, far, far + up, base + up],
    ]
    for corners in faces {
      let facet = SceneFacet(corners, inside: inside)
      guard facet.faces(eye: camera.eye) else { continue }
      let sunlit = plan.sunlit(s: prop.s, y: height, z: prop.z, light)
      let lit = light.falling(on: facet.normal, sunlit: sunlit)
      let shift = prop.z
      paint(facet, .tree) { s, t, z in
        let leaf = noise.fractal((s + shift) * 6, t * 6, octaves: 3)
        let root = 0.6 + 0.4 * unit(t / 0.5)
        return leaves * lit * ((0.35 + 1.3 * leaf) * root)
      }
    }
  }
}
