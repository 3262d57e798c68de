import Foundation
import Graphs
import Inspection
import Segmentation
import Testing

@Suite struct NetworkDrawingTests {
  private func svg(_ graph: Graph, _ name: String) throws -> String {
    try NetworkDrawing(name, graph, input: try graph.inferShapes()[0][0]).svg
  }

  private func count(_ text: String, in svg: String) -> Int { svg.components(separatedBy: text).count - 1 }

  @Test func linksCanBeToldApart() throws {
    let svg = try svg(try SmallNetworks.linked(), "a & b")
    #expect(svg.contains(">a &amp; b, input 1×8×8×3<"))
    // Boxes: input, convolution with batch norm and ReLU, pooling, convolution, unpooling, joining, head.
    #expect(svg.contains(">down.conv  conv2d 3×3, batch_norm2d, relu  → 8×8×4<"))
    #expect(svg.contains(">concat_8") || svg.contains("concat"))
    #expect(count("textLength", in: svg) == 7)
    // One for each, and one in the legend.
    #expect(count("marker-end=\"url(#skip)\"", in: svg) == 2)
    #expect(count("marker-end=\"url(#indices)\"", in: svg) == 2)
    #expect(count("marker-end=\"url(#shape)\"", in: svg) == 2)
    #expect(count("marker-end=\"url(#next)\"", in: svg) == 7)
    #expect(count("stroke-dasharray=\"6 3\"", in: svg) == 2)
  }

  /// U-Net has four skips, SegNet five pairs of poolings and unpoolings; of ResNet-50's sixteen sums four have a
  /// convolution on the shortcut, which takes two lines. GoogLeNet's branches are no skips. FCN-8s makes scores of two
  /// poolings: three lines each.
  @Test(arguments: [
    ("unet", 4, 0), ("segnet", 0, 5), ("resnet50", 20, 0), ("googlenet", 0, 0), ("fcn8s", 6, 0),
    ("densenet121", 58, 0),
  ])
  func realNetworks(name: String, skips: Int, indices: Int) throws {
    let svg = try svg(try NetworkRegistry.graph(name).forInference(), name)
    #expect(count("marker-end=\"url(#skip)\"", in: svg) == (skips > 0 ? skips + 1 : 0))
    #expect(count("marker-end=\"url(#indices)\"", in: svg) == (indices > 0 ? indices + 1 : 0))
    #expect(svg.utf8.count < 200_000)
    let parser = XMLCheck()
    #expect(parser.isWellFormed(svg))
  }
}

extension NetworkDrawingTests {
  @Test func windowsAreTold() throws {
    let svg = try svg(try NetworkRegistry.graph("densenet121").forInference(), "densenet121")
    #expect(svg.contains("  2×2 /2  → 28×28×128<"), "average pooling")
    #expect(svg.contains(">input  → 224×224×3<"))
    #expect(try self.svg(try NetworkRegistry.graph("vgg16"), "vgg16").contains("  to 7×7  → 7×7×512<"))
  }
}

/// Whether tags nest.
private struct XMLCheck {
  func isWellFormed(_ text: String) -> Bool {
    var open: [Substring] = []
    for part in text.split(separator: "<").dropFirst(0) where part.contains(">") {
      let tag = part.prefix { $0 != ">" }
      if tag.hasSuffix("/") { continue }
      if tag.hasPrefix("/") {
        guard open.popLast() == tag.dropFirst() else { return false }
      } else {
        open.append(tag.prefix { $0 != " " })
      }
    }
    return open.isEmpty
  }
}
