import TensorCore
import Testing
import Training

@Suite struct ObjectScoreTests {
  /// Letters are classes: `.` is 0, `#` is 1, `?` is none.
  private func labels(_ rows: String) -> [UInt8] {
    rows.filter { $0 != "\n" }.map { $0 == "#" ? 1 : $0 == "?" ? 255 : 0 }
  }

  private func score(_ truth: String, _ prediction: String, width: Int) -> ObjectScore {
    var score = ObjectScore(label: 1)
    let truth = labels(truth)
    score.add(truth: truth, prediction: labels(prediction), width: width, height: truth.count / width)
    return score
  }

  @Test func byHand() {
    // Found; merged with its neighbour; covered by exactly half; corners do not join.
    let found = score("##...\n##..#\n.....\n", "###..\n##..#\n.....\n", width: 5)
    #expect(found.expected == 2 && found.predicted == 2 && found.found == 2)
    #expect(found.recall == 1 && found.f1 == 1)
    let merged = score("##.##", "#####", width: 5)
    #expect(merged.expected == 2 && merged.predicted == 1 && merged.found == 0)
    let half = score("##..", "#...", width: 4)
    #expect(half.found == 0 && half.recall == 0 && half.f1 == 0)
    let corner = score("#.\n.#\n", "#.\n.#\n", width: 2)
    #expect(corner.expected == 2 && corner.found == 2)
    // One of three of both.
    let unequal = score("#.#.#", "#....", width: 5)
    #expect(unequal.recall == 1.0 / 3 && unequal.f1 == 0.5)
  }

  @Test func pixelsWithoutAClass() {
    let hidden = score("##?.#", "#####", width: 5)
    #expect(hidden.expected == 2 && hidden.predicted == 2 && hidden.found == 1)
  }

  @Test func nothing() {
    let none = score("...", "...", width: 3)
    #expect(none.recall == nil && none.f1 == nil && none == ObjectScore(label: 1))
    #expect(score("...", "#.#", width: 3).recall == nil && score("...", "#.#", width: 3).f1 == 0)
  }

  /// Several images add up; against regions filled pixel by pixel.
  @Test func againstFloodFilling() {
    let (width, height) = (31, 23)
    var random = RandomStream(seed: 4)
    var score = ObjectScore(label: 1)
    var expected = (regions: 0, predicted: 0, found: 0)
    for _ in 0..<20 {
      let truth = (0..<width * height).map { _ in UInt8(random.below(2)) }
      let prediction = truth.map { random.below(12) == 0 ? 1 - $0 : $0 }
      score.add(truth: truth, prediction: prediction, width: width, height: height)
      let (mine, theirs) = (fill(truth, width, height), fill(prediction, width, height))
      expected.regions += mine.count
      expected.predicted += theirs.count
      expected.found += mine.count { one in
        theirs.contains { 2 * one.intersection($0).count > one.union($0).count }
      }
    }
    #expect(score.expected == expected.regions && score.predicted == expected.predicted)
    #expect(score.found == expected.found && score.found > 50 && score.found < score.expected)
  }

  private func fill(_ labels: [UInt8], _ width: Int, _ height: Int) -> [Set<Int>] {
    var left = Set(labels.indices.filter { labels[$0] == 1 })
    var regions: [Set<Int>] = []
    while let first = left.popFirst() {
      var (region, edge): (Set<Int>, [Int]) = ([first], [first])
      while let pixel = edge.popLast() {
        for (next, isInRow) in [
          (pixel - 1, true), (pixel + 1, true), (pixel - width, false), (pixel + width, false),
        ]
        where (!isInRow || next / width == pixel / width && next >= 0) && left.remove(next) != nil {
          region.insert(next)
          edge.append(next)
        }
      }
      regions.append(region)
    }
    return regions
  }
}
